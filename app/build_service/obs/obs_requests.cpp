// SPDX-License-Identifier: Apache-2.0
// Requests. They are kept by the frontend: a backend has none.
#include <algorithm>
#include <charconv>
#include <string_view>

#include "app/build_service/obs/obs_build_service.hpp"
#include "workflows/model/remote_error.hpp"

namespace heddle {
namespace {

const std::string kAllStates = "new,review,accepted,declined,revoked,superseded";

[[noreturn]] void give_up(const std::string& doing, const std::string& why) {
    throw RemoteError(RemoteError::Kind::GiveUp, doing, why);
}

std::string request_target(std::int64_t number, const ObsQuery& query = {}) {
    return obs_target({"request", std::to_string(number)}, query);
}

/// The mark stands at the end, whatever a pull request's author may have written in front of it.
std::string mark_of(const std::string& run) { return "[" + run + "]"; }

PackageRef ref_of(pugi::xml_node node) {
    return {node.attribute("project").as_string(), node.attribute("package").as_string()};
}

bool is_between(pugi::xml_node request, const NewRequest& wanted) {
    const pugi::xml_node action = request.child("action");
    return std::string_view(action.attribute("type").as_string()) == "submit" &&
           ref_of(action.child("source")) == wanted.source && ref_of(action.child("target")) == wanted.target;
}

Request read_request(pugi::xml_node node, const std::string& doing) {
    Request request;
    const std::string_view id = node.attribute("id").as_string();
    std::from_chars(id.data(), id.data() + id.size(), request.number);
    const pugi::xml_node state = node.child("state");
    request.state = state.attribute("name").as_string();
    request.comment = state.child_value("comment");
    if (request.number <= 0 || request.state.empty())
        throw RemoteError(RemoteError::Kind::Retry, doing, "the build service did not name the request");
    return request;
}

pugi::xml_document request_xml(const NewRequest& wanted) {
    pugi::xml_document document;
    pugi::xml_node root = document.append_child("request");
    pugi::xml_node action = root.append_child("action");
    action.append_attribute("type") = "submit";
    for (const auto& [name, ref] : {std::pair("source", wanted.source), std::pair("target", wanted.target)}) {
        pugi::xml_node node = action.append_child(name);
        node.append_attribute("project") = ref.project.c_str();
        node.append_attribute("package") = ref.package.c_str();
    }
    const std::string text =
        wanted.description + (wanted.description.empty() ? "" : "\n\n") + mark_of(wanted.run);
    root.append_child("description").text().set(text.c_str());
    return document;
}

}  // namespace

void ObsBuildService::require_requests(const std::string& doing) const {
    if (is_backend()) give_up(doing, "a backend without its frontend keeps no requests");
}

Request ObsBuildService::create_request(const NewRequest& request) {
    const std::string doing = "submit " + to_string(request.source) + " to " + to_string(request.target);
    require_requests(doing);
    // An account that executors share could submit anything: who may not change the source may not ask.
    require_grant(request.source.project, doing);
    readable_package(request.source, doing);
    if (!find_project(request.target.project, doing))
        give_up(doing, "project " + request.target.project + " does not exist");
    if (const auto made = request_of_run(request, doing)) return *made;
    await_services_of_origin(request.source, doing);
    if (const auto alike = find_alike(request, doing)) return *alike;
    const auto answer = client_.ask("POST",
                                    obs_target({"request"}, {{"cmd", "create"}, {"addrevision", "1"}}),
                                    xml_text(request_xml(request)),
                                    doing);
    ObsClient::require_success(answer, doing);
    return read_request(answer.document.document_element(), doing);
}

std::optional<Request> ObsBuildService::request_of_run(const NewRequest& wanted, const std::string& doing) {
    const auto list = client_.find(obs_target({"request"},
                                              {{"view", "collection"},
                                               {"user", account_},
                                               {"project", wanted.target.project},
                                               {"package", wanted.target.package},
                                               {"types", "submit"},
                                               {"states", kAllStates}}),
                                   doing);
    if (!list) return std::nullopt;
    for (const pugi::xml_node node : list->document_element().children("request"))
        if (is_between(node, wanted) &&
            std::string_view(node.child_value("description")).ends_with(mark_of(wanted.run)))
            return read_request(node, doing);
    return std::nullopt;
}

// The revision in a request is a number, or the digest of what a link expands to.
std::optional<Request> ObsBuildService::find_alike(const NewRequest& wanted, const std::string& doing) {
    if (wanted.alike.empty()) return std::nullopt;
    const auto present = find_revision(wanted.source, "", doing);
    for (const std::int64_t number : wanted.alike) {
        const auto document = client_.find(request_target(number), doing);
        if (!document || !present || !is_between(document->document_element(), wanted)) continue;
        const std::string rev =
            document->document_element().child("action").child("source").attribute("rev").as_string();
        Request request = read_request(document->document_element(), doing);
        if (is_open_request(request.state) && (rev == present->rev || rev == present->srcmd5)) return request;
    }
    return std::nullopt;
}

std::optional<Request> ObsBuildService::find_request(std::int64_t number) {
    const std::string doing = "look for request " + std::to_string(number);
    require_requests(doing);
    const auto document = client_.find(request_target(number), doing);
    if (!document) return std::nullopt;
    return read_request(document->document_element(), doing);
}

bool ObsBuildService::supersede_request(std::int64_t number, std::int64_t by) {
    return end_request(number,
                       {{"newstate", "superseded"}, {"superseded_by", std::to_string(by)}},
                       "supersede request " + std::to_string(number));
}

bool ObsBuildService::revoke_request(std::int64_t number, const std::string& comment) {
    return end_request(
        number, {{"newstate", "revoked"}, {"comment", comment}}, "revoke request " + std::to_string(number));
}

bool ObsBuildService::end_request(std::int64_t number, const ObsQuery& to, const std::string& doing) {
    require_requests(doing);
    const auto is_open = [&] {
        const auto request = find_request(number);
        return request && is_open_request(request->state);
    };
    if (!is_open()) return false;
    ObsQuery query{{"cmd", "changestate"}};
    query.insert(query.end(), to.begin(), to.end());
    const auto answer = client_.ask("POST", request_target(number, query), "", doing);
    // Somebody was quicker.
    if (!answer.ok() && answer.status != 401 && !is_open()) return false;
    ObsClient::require_success(answer, doing);
    return true;
}

}  // namespace heddle
