// SPDX-License-Identifier: Apache-2.0
#include "tests/support/obs_frontend.hpp"

#include <openssl/evp.h>

#include <pugixml.hpp>
#include <sstream>

namespace heddle::test {
namespace {

/// "heddle:obs-password-1" as RFC 7617 has it.
const std::string kLogin = "Basic aGVkZGxlOm9icy1wYXNzd29yZC0x";

std::string login_of(const std::string& name, const std::string& password) {
    const std::string plain = name + ":" + password;
    std::string encoded(4 * ((plain.size() + 2) / 3) + 1, '\0');
    const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(encoded.data()),
                                     reinterpret_cast<const unsigned char*>(plain.data()),
                                     static_cast<int>(plain.size()));
    return "Basic " + encoded.substr(0, static_cast<std::size_t>(size));
}

std::string decoded(const std::string& text) {
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size()) {
            plain += static_cast<char>(std::stoi(text.substr(i + 1, 2), nullptr, 16));
            i += 2;
        } else {
            plain += text[i];
        }
    }
    return plain;
}

std::vector<std::string> parts(const std::string& text, char separator) {
    std::vector<std::string> found;
    std::istringstream in(text);
    for (std::string part; std::getline(in, part, separator);)
        if (!part.empty()) found.push_back(part);
    return found;
}

StandInAnswer xml(int status, const std::string& body) {
    return {status, body, {{"Content-Type", "text/xml"}}};
}

StandInAnswer refusal(int status, const std::string& word, const std::string& summary) {
    pugi::xml_document document;
    pugi::xml_node root = document.append_child("status");
    root.append_attribute("code") = word.c_str();
    root.append_child("summary").text().set(summary.c_str());
    std::ostringstream text;
    document.save(text);
    return xml(status, text.str());
}

const StandInAnswer& done() {
    static const StandInAnswer kDone = xml(200, "<status code=\"ok\"><summary>Ok</summary></status>");
    return kDone;
}

/// The backend's error in the frontend's words.
StandInAnswer translated(const RawAnswer& answer) {
    if (answer.status < 400) return xml(answer.status, answer.body);
    pugi::xml_document document;
    document.load_string(answer.body.c_str());
    const std::string summary = document.child("status").child_value("summary");
    if (answer.status != 404) return refusal(answer.status, "illegal_request", summary);
    return refusal(404, summary.starts_with("package") ? "unknown_package" : "unknown_project", summary);
}

std::string source(const std::string& project, const std::string& package, const std::string& file) {
    return "/source/" + project + "/" + package + (file.empty() ? "" : "/" + file);
}

}  // namespace

ObsFrontend::ObsFrontend(ObsBackend& backend)
    : backend_(backend),
      accounts_{{kLogin, {kUser, ""}}},
      requests_([this](const std::string& project, const std::string& package) {
          pugi::xml_document info;
          info.load_string(backend_.get(source(project, package, "") + "?view=info").body.c_str());
          return std::string(info.document_element().attribute("srcmd5").as_string());
      }),
      server_([this](const StandInRequest& request) { return answer(request); }) {}

void ObsFrontend::add_account(const std::string& name,
                              const std::string& password,
                              const std::string& project) {
    accounts_[login_of(name, password)] = {name, project};
}

std::string ObsFrontend::who(const StandInRequest& request) const {
    const auto found = accounts_.find(request.header("Authorization"));
    return found == accounts_.end() ? "" : found->second.name;
}

bool ObsFrontend::may_write(const Asked& asked) const {
    const std::string& mine = accounts_.at(asked.request.header("Authorization")).project;
    const auto target = asked.query.find("target_project");
    const std::string& project = target != asked.query.end() ? target->second : asked.path.at(1);
    return mine.empty() || project == mine || project.starts_with(mine + ":");
}

StandInAnswer ObsFrontend::answer(const StandInRequest& request) {
    if (before) before(request);
    Asked asked{request, who(request), {}, {}};
    if (asked.user.empty()) return refusal(401, "authentication_required", "Authentication required");
    for (const std::string& segment : parts(request.path(), '/')) asked.path.push_back(decoded(segment));
    for (const std::string& pair : parts(request.query(), '&')) {
        const auto equals = pair.find('=');
        asked.query[decoded(pair.substr(0, equals))] =
            equals == std::string::npos ? "" : decoded(pair.substr(equals + 1));
    }
    if (asked.path.at(0) == "request") return requests_.answer(request, asked.user, asked.path, asked.query);
    // Whoever asks is known by the login.
    if (asked.query.contains("user")) return refusal(400, "illegal_request", "unknown parameter 'user'");
    if (request.method == "GET" && asked.path == std::vector<std::string>{"person", asked.user})
        return xml(200, "<person><login>" + asked.user + "</login></person>");
    if (request.method != "GET" && !may_write(asked))
        return refusal(403, "change_project_no_permission", "no right to change what is there");
    if (request.method == "POST" && asked.query["cmd"] == "branch") return branch(asked);
    if (request.method == "POST" && asked.query["cmd"] == "set_flag") return set_flag(asked);
    return pass_on(asked);
}

bool ObsFrontend::has_sources(const std::string& project, const std::string& package) {
    // A linked project's package is shown, too, as that project's.
    const std::string meta = backend_.get(source(project, package, "_meta")).body;
    return meta.find(" project=\"" + project + "\"") != std::string::npos &&
           backend_.get(source(project, package, "")).body.find(" rev=\"") != std::string::npos;
}

StandInAnswer ObsFrontend::branch(const Asked& asked) {
    const std::string& project = asked.query.at("target_project");
    const std::string& package = asked.query.at("target_package");
    if (has_sources(project, package))
        return refusal(
            400, "double_branch_package", "branch target package already exists: " + project + "/" + package);
    if (backend_.get("/source/" + project + "/_meta").status == 404)
        backend_.put("/source/" + project + "/_meta",
                     "<project name=\"" + project + "\"><title/><description/></project>");
    backend_.put(
        source(project, package, "_meta"),
        "<package name=\"" + package + "\" project=\"" + project + "\"><title/><description/></package>");
    const RawAnswer answer =
        backend_.post(source(project, package, "") + "?cmd=branch&oproject=" + asked.path.at(1) +
                      "&opackage=" + asked.path.at(2) + "&user=" + asked.user);
    return answer.status == 200 ? done() : translated(answer);
}

StandInAnswer ObsFrontend::set_flag(const Asked& asked) {
    const std::string meta =
        (asked.path.size() > 2 ? source(asked.path[1], asked.path[2], "") : "/source/" + asked.path.at(1)) +
        "/_meta";
    const RawAnswer before = backend_.get(meta);
    if (before.status != 200) return translated(before);
    pugi::xml_document document;
    document.load_string(before.body.c_str());
    pugi::xml_node root = document.document_element();
    const std::string flag = asked.query.at("flag");
    pugi::xml_node node = root.child(flag.c_str());
    if (!node) node = root.append_child(flag.c_str());
    pugi::xml_node said = node.append_child(asked.query.at("status").c_str());
    for (const char* name : {"repository", "arch"})
        if (asked.query.contains(name)) said.append_attribute(name) = asked.query.at(name).c_str();
    std::ostringstream text;
    document.save(text, "", pugi::format_raw | pugi::format_no_declaration);
    const RawAnswer answer = backend_.put(meta, text.str());
    return answer.status == 200 ? done() : translated(answer);
}

StandInAnswer ObsFrontend::pass_on(const Asked& asked) {
    const StandInRequest& request = asked.request;
    const bool reads = request.method == "GET";
    std::string target = request.target;
    // The frontend tells the backend who it was, where that wants to know.
    const bool waits = asked.query.contains("cmd") && asked.query.at("cmd") == "waitservice";
    if (!reads && !waits && asked.path.at(0) == "source")
        target += std::string(request.query().empty() ? "?" : "&") + "user=" + asked.user;
    if (reads) return translated(backend_.get(target));
    if (request.method == "DELETE") return translated(backend_.erase(target));
    if (request.method == "POST") return translated(backend_.post(target, request.body));
    const RawAnswer answer = backend_.put(target, request.body);
    return answer.status == 200 && asked.path.back() == "_meta" ? done() : translated(answer);
}

}  // namespace heddle::test
