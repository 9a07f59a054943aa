// SPDX-License-Identifier: Apache-2.0
#include "tests/support/obs_requests.hpp"

#include <cstdlib>
#include <pugixml.hpp>
#include <sstream>

namespace heddle::test {
namespace {

constexpr std::int64_t kFirst = 4711;

StandInAnswer xml(int status, const std::string& body) {
    return {status, body, {{"Content-Type", "application/xml"}}};
}

StandInAnswer refusal(int status, const std::string& word, const std::string& summary) {
    return xml(status, "<status code=\"" + word + "\"><summary>" + summary + "</summary></status>");
}

void add_place(pugi::xml_node action,
               const char* name,
               const std::string& project,
               const std::string& package) {
    pugi::xml_node node = action.append_child(name);
    node.append_attribute("project") = project.c_str();
    node.append_attribute("package") = package.c_str();
}

std::string value(const ObsRequests::Query& query, const std::string& key) {
    const auto found = query.find(key);
    return found == query.end() ? "" : found->second;
}

}  // namespace

ObsRequests::ObsRequests(
    std::function<std::string(const std::string& project, const std::string& package)> revision_of)
    : revision_of_(std::move(revision_of)) {}

StandInAnswer ObsRequests::answer(const StandInRequest& request,
                                  const std::string& user,
                                  const std::vector<std::string>& path,
                                  const Query& query) {
    const std::lock_guard lock(mutex_);
    if (path.size() == 1)
        return request.method == "POST" && value(query, "cmd") == "create" ? create(user, request.body)
                                                                           : list(query);
    const auto found = made_.find(std::atoll(path[1].c_str()));
    if (found == made_.end())
        return refusal(404, "not_found", "Couldn't find request with id '" + path[1] + "'");
    if (request.method == "GET") return xml(200, xml_of(found->first));
    if (value(query, "cmd") != "changestate") return refusal(400, "unknown_command", "unknown command");
    return change(found->second, query);
}

StandInAnswer ObsRequests::create(const std::string& user, const std::string& body) {
    pugi::xml_document document;
    document.load_string(body.c_str());
    const pugi::xml_node request = document.child("request");
    const pugi::xml_node action = request.child("action");
    if (request.attribute("id") || std::string(action.attribute("type").as_string()) != "submit")
        return refusal(400, "invalid_record", "no submit request");
    Made made;
    made.creator = user;
    made.project = action.child("source").attribute("project").as_string();
    made.package = action.child("source").attribute("package").as_string();
    made.target_project = action.child("target").attribute("project").as_string();
    made.target_package = action.child("target").attribute("package").as_string();
    made.description = request.child_value("description");
    made.rev = revision_of_(made.project, made.package);
    const std::int64_t number = kFirst + static_cast<std::int64_t>(made_.size());
    made_[number] = std::move(made);
    return xml(200, xml_of(number));
}

StandInAnswer ObsRequests::list(const Query& query) const {
    if (value(query, "view") != "collection") return refusal(404, "require_filter", "not a collection");
    std::string body = "<collection>";
    for (const auto& [number, made] : made_)
        if (made.target_project == value(query, "project") &&
            made.target_package == value(query, "package") && value(query, "user") == made.creator &&
            value(query, "types") == "submit" &&
            ("," + value(query, "states") + ",").find("," + made.state + ",") != std::string::npos)
            body += xml_of(number);
    return xml(200, body + "</collection>");
}

StandInAnswer ObsRequests::change(Made& made, const Query& query) {
    if (made.state != "new" && made.state != "review" && made.state != "declined")
        return refusal(404, "request_not_modifiable", "the request is " + made.state);
    const std::string state = value(query, "newstate");
    if (state == "superseded" && !made_.contains(std::atoll(value(query, "superseded_by").c_str())))
        return refusal(404, "not_found", "superseded_by");
    made.state = state;
    made.comment = value(query, "comment");
    return xml(200, "<status code=\"ok\"><summary>Ok</summary></status>");
}

std::string ObsRequests::xml_of(std::int64_t number) const {
    const Made& made = made_.at(number);
    pugi::xml_document document;
    pugi::xml_node root = document.append_child("request");
    root.append_attribute("id") = std::to_string(number).c_str();
    root.append_attribute("creator") = made.creator.c_str();
    pugi::xml_node action = root.append_child("action");
    action.append_attribute("type") = "submit";
    add_place(action, "source", made.project, made.package);
    action.child("source").append_attribute("rev") = made.rev.c_str();
    add_place(action, "target", made.target_project, made.target_package);
    pugi::xml_node state = root.append_child("state");
    state.append_attribute("name") = made.state.c_str();
    state.append_attribute("who") = made.creator.c_str();
    state.append_attribute("when") = "2026-01-02T03:04:05";
    state.append_child("comment").text().set(made.comment.c_str());
    root.append_child("description").text().set(made.description.c_str());
    std::ostringstream text;
    document.save(text, "", pugi::format_raw | pugi::format_no_declaration);
    return text.str();
}

}  // namespace heddle::test
