// SPDX-License-Identifier: Apache-2.0
#include "app/compose_doctor_obs.hpp"

#include "app/build_events/bus_connection.hpp"
#include "app/build_service/obs/obs_survey.hpp"
#include "app/compose_build_events.hpp"
#include "app/compose_obs.hpp"
#include "app/config/wrong_use.hpp"
#include "app/crypto/secret_box.hpp"
#include "app/net/http_client.hpp"
#include "app/postgres/project_grant_store.hpp"
#include "workflows/model/remote_error.hpp"
#include "workflows/model/wording.hpp"

namespace heddle {
namespace {

const std::string kAbout = "build service";
const std::string kGrant = ": heddle user edit LOGIN --grant-project PREFIX";

/// One login, and whose it is: "for ann: ", or nothing for the instance's.
struct Examined {
    ObsAccess access;
    std::string whose;
};

Finding examine_project(ObsClient& client,
                        const BuildServiceConfig& config,
                        const Examined& login,
                        const std::string& project) {
    const auto why = why_not_changed(client, config.dialect, login.access.user, project);
    const std::string about = login.whose + "project " + project;
    // Not everybody has to do with every project.
    if (why) return {"project", !login.whose.empty(), about + ": " + *why, !login.whose.empty()};
    return {"project", true, about + " is there, and the build service lets it be changed"};
}

void examine_login(HttpTransport& transport,
                   const BuildServiceConfig& config,
                   const Examined& login,
                   const std::optional<std::string>& project,
                   std::vector<Finding>& findings) {
    const std::string place = login.whose + config.api_url;
    try {
        ObsClient client(transport, login.access);
        const std::string greeting = greet_obs(client, config.dialect, login.access.user);
        findings.push_back({kAbout, true, place + " " + greeting});
        if (project) findings.push_back(examine_project(client, config, login, *project));
    } catch (const RemoteError& error) {
        findings.push_back({kAbout, false, place + ": " + error.what()});
    }
}

/// The account of all executors that have none, as far as there is one.
void examine_instance(HttpTransport& transport,
                      const Config& whole,
                      const std::vector<BuildServiceCredential>& logins,
                      const std::optional<std::string>& project,
                      std::vector<Finding>& findings) {
    const BuildServiceConfig& config = whole.build_service;
    const bool stored = !logins.empty() && !logins.front().executor;
    if (!config.user.empty() && stored)
        findings.push_back({kAbout,
                            true,
                            "the stored login of the instance is not used, since build_service.user is set: "
                            "`heddle obs logout`",
                            true});
    if (config.user.empty() && stored)
        return examine_login(transport, config, {obs_access(config, logins.front()), ""}, project, findings);
    if (config.user.empty() && !logins.empty())
        return findings.push_back(
            {kAbout, true, "the instance has no login: who gave none of his own changes nothing", true});
    examine_login(transport, config, {obs_access(whole), ""}, project, findings);
}

std::vector<std::string> executors_of(const std::vector<BuildServiceCredential>& logins) {
    std::vector<std::string> names;
    for (const BuildServiceCredential& login : logins)
        if (login.executor) names.push_back(*login.executor);
    return names;
}

}  // namespace

bool uses_obs(const Config& config) { return config.build_service.kind == BuildServiceConfig::Kind::Obs; }

std::vector<BuildServiceCredential> stored_logins(const Config& config, pqxx::connection& connection) {
    pqxx::nontransaction tx(connection);
    const auto listed = list_build_service_credentials(tx);
    if (listed.empty() || config.build_service.dialect == BuildServiceConfig::Dialect::Backend) return {};
    const SecretBox box = SecretBox::read(config.secrets.key_file);
    std::vector<BuildServiceCredential> logins;
    for (const ListedBuildServiceCredential& one : listed)
        if (auto found = find_build_service_credential(tx, box, one.executor))
            logins.push_back(std::move(*found));
    return logins;
}

std::vector<Finding> examine_obs(const Config& config,
                                 const std::vector<BuildServiceCredential>& logins,
                                 const std::optional<std::string>& project) {
    const BuildServiceConfig& settings = config.build_service;
    std::vector<Finding> findings;
    HttpClient transport(obs_client_options());
    try {
        examine_instance(transport, config, logins, project, findings);
    } catch (const WrongUse& mistake) {
        findings.push_back({kAbout, false, mistake.what()});
    }
    for (const BuildServiceCredential& login : logins)
        if (login.executor)
            examine_login(transport,
                          settings,
                          {obs_access(settings, login), "for " + *login.executor + ": "},
                          project,
                          findings);
    return findings;
}

std::vector<Finding> examine_bus(const Config& config) {
    const std::string about = "message bus";
    try {
        std::optional<BusOptions> options = build_event_sources(config).bus;
        if (!options) return {};
        options->queue.clear();  // one of our own, which ends with the connection
        const BusConnection connection(*options);
        return {{about, true, options->url.place() + " lets us listen to " + options->topic}};
    } catch (const WrongUse& mistake) {
        return {{about, false, mistake.what()}};
    } catch (const RemoteError& error) {
        return {{about, false, error.what()}};
    }
}

Finding examine_grants(pqxx::connection& connection,
                       const std::vector<BuildServiceCredential>& logins,
                       const std::optional<std::string>& project) {
    pqxx::nontransaction tx(connection);
    const std::vector<std::string> own = executors_of(logins);
    const std::string without =
        own.empty() ? "" : ", but " + in_words(own) + " may what the build service allows";
    if (!project) {
        if (has_any_grant(tx)) return {"grants", true, "there are some"};
        return {
            "grants", true, "nobody may change any project" + (own.empty() ? kGrant : without), own.empty()};
    }
    const std::vector<std::string> users = who_may_change(tx, *project);
    if (!users.empty()) return {"grants", true, in_words(users) + " may change project " + *project};
    return {
        "grants", !own.empty(), "nobody may change project " + *project + (own.empty() ? kGrant : without)};
}

}  // namespace heddle
