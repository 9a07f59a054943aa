// SPDX-License-Identifier: Apache-2.0
#include <iostream>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "app/cli/configuration.hpp"
#include "app/cli/package_name.hpp"
#include "app/cli/verbs.hpp"
#include "app/compose_build_service.hpp"
#include "app/config/wrong_use.hpp"
#include "workflows/model/wording.hpp"

namespace heddle {
namespace {

using nlohmann::json;

json to_json(const PackageRef& ref) { return {{"project", ref.project}, {"package", ref.package}}; }

json to_json(const RequestView& request) {
    json source = to_json(request.source);
    source["rev"] = request.source_rev;
    return {{"number", request.number},
            {"state", request.state},
            {"comment", request.comment},
            {"source", source},
            {"target", to_json(request.target)},
            {"description", request.description},
            {"login", request.login},
            {"created_at", request.created_at},
            {"superseded_by", request.superseded_by ? json(*request.superseded_by) : json(nullptr)}};
}

json to_json(const RequestChangeView& change) {
    return {{"state", change.state},
            {"comment", change.comment},
            {"login", change.login},
            {"changed_at", change.changed_at}};
}

void print_json(const json& value) {
    std::cout << value.dump(2, ' ', false, json::error_handler_t::replace) << '\n';
}

std::string in_one_line(const RequestView& request) {
    return "request " + std::to_string(request.number) + "  " + request.state + "  " +
           to_string(request.source) + " r" + request.source_rev + " to " + to_string(request.target) +
           "  by " + request.login;
}

void print_line(const std::string& label, const std::string& value) {
    if (!value.empty()) std::cout << label << one_line(value) << '\n';
}

int list(BuildServiceDesk& desk, const RequestArguments& given, bool as_json) {
    const std::vector<RequestView> requests = desk.requests(given.project, given.state, given.limit);
    json listed = json::array();
    for (const RequestView& request : requests) {
        listed.push_back(to_json(request));
        if (!as_json) std::cout << one_line(in_one_line(request)) << '\n';
    }
    if (as_json)
        print_json(listed);
    else if (requests.empty())
        std::cout << "no requests\n";
    return 0;
}

int show(BuildServiceDesk& desk, std::int64_t number, bool as_json) {
    const auto request = desk.request(number);
    if (!request) throw WrongUse("there is no request " + std::to_string(number));
    if (as_json) {
        json shown = to_json(*request);
        shown["history"] = json::array();
        for (const RequestChangeView& change : request->history) shown["history"].push_back(to_json(change));
        print_json(shown);
        return 0;
    }
    std::cout << one_line(in_one_line(*request)) << '\n';
    print_line("  description: ", request->description);
    for (const RequestChangeView& change : request->history)
        print_line(
            "  " + change.changed_at + " ",
            change.state + " by " + change.login + (change.comment.empty() ? "" : ": " + change.comment));
    return 0;
}

int create(BuildServiceDesk& desk, const RequestArguments& given, bool as_json) {
    const std::int64_t number = desk.create_request(
        read_package_name(given.source), read_package_name(given.target), given.description);
    if (as_json) return show(desk, number, as_json);
    std::cout << "request " << number << " is made\n";
    return 0;
}

int decide(BuildServiceDesk& desk,
           const RequestArguments& given,
           void (BuildServiceDesk::*decision)(std::int64_t, const std::string&),
           const std::string& outcome,
           bool as_json) {
    (desk.*decision)(given.number, given.comment);
    if (as_json) return show(desk, given.number, as_json);
    std::cout << "request " << given.number << " is " << outcome << '\n';
    return 0;
}

}  // namespace

int run_request(const GlobalArguments& global, const RequestArguments& arguments) {
    using Action = RequestArguments::Action;
    if (!arguments.project.empty()) check_name(NameKind::Project, arguments.project);
    BuildServiceDesk desk(read_configuration(global), global.try_repository);
    switch (arguments.action) {
        case Action::Create: return create(desk, arguments, global.json);
        case Action::List: return list(desk, arguments, global.json);
        case Action::Show: return show(desk, arguments.number, global.json);
        case Action::Accept:
            return decide(desk, arguments, &BuildServiceDesk::accept_request, "accepted", global.json);
        case Action::Decline:
            return decide(desk, arguments, &BuildServiceDesk::decline_request, "declined", global.json);
        case Action::Revoke:
            return decide(desk, arguments, &BuildServiceDesk::revoke_request, "revoked", global.json);
    }
    throw std::logic_error("unknown RequestArguments::Action");
}

}  // namespace heddle
