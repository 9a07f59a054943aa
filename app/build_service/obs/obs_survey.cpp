// SPDX-License-Identifier: Apache-2.0
#include "app/build_service/obs/obs_survey.hpp"

#include <string_view>

#include "app/build_service/obs/obs_meta.hpp"
#include "workflows/model/names.hpp"
#include "workflows/model/remote_error.hpp"

namespace heddle {
namespace {

using Dialect = BuildServiceConfig::Dialect;

/// So it greets; the other servers of a backend have names of their own.
const std::string kSourceServer = "Source Repository Server";

bool names_maintainer(pugi::xml_node project, const std::string& account) {
    for (const pugi::xml_node person : project.children("person"))
        if (person.attribute("userid").as_string() == account &&
            person.attribute("role").as_string() == std::string_view("maintainer"))
            return true;
    return false;
}

}  // namespace

std::string greet_obs(ObsClient& client, Dialect dialect, const std::string& account) {
    const std::string doing = "greet the build service";
    if (dialect == Dialect::Public) {
        client.get(account.empty() ? obs_target({"about"}) : obs_target({"person", account}), doing);
        return account.empty() ? "answers" : "knows " + account;
    }
    const auto hello = client.get("/", doing);
    const std::string name = hello.child("hello").attribute("name").as_string();
    if (name == kSourceServer) return "is its " + name;
    const std::string what = name.empty() ? "no source server of an Open Build Service"
                                          : "a " + name + ", and builds are asked for elsewhere";
    throw RemoteError(RemoteError::Kind::GiveUp,
                      doing,
                      "it is " + what + ": build_service.api_url must be that of the " + kSourceServer +
                          " (bs_srcserver, mostly port 5352)");
}

std::optional<std::string> why_not_changed(ObsClient& client,
                                           Dialect dialect,
                                           const std::string& account,
                                           const std::string& project) {
    if (const auto reason = why_refused(NameKind::Project, project)) return reason;
    const auto meta = client.find(obs_target({"source", project, "_meta"}), "look at project " + project);
    if (!meta) return "it is not there";
    const pugi::xml_node root = meta->document_element();
    if (is_locked(root)) return "it is locked";
    if (dialect == Dialect::Backend || names_maintainer(root, account)) return std::nullopt;
    return account + " is not named as its maintainer (a group, or a project above it, may have made it one)";
}

}  // namespace heddle
