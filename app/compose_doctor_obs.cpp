// SPDX-License-Identifier: Apache-2.0
#include "app/compose_doctor_obs.hpp"

#include "app/build_events/bus_connection.hpp"
#include "app/build_service/obs/obs_survey.hpp"
#include "app/compose_build_events.hpp"
#include "app/compose_obs.hpp"
#include "app/config/wrong_use.hpp"
#include "app/net/http_client.hpp"
#include "app/postgres/project_grant_store.hpp"
#include "workflows/model/remote_error.hpp"
#include "workflows/model/wording.hpp"

namespace heddle {
namespace {

const std::string kAbout = "build service";
const std::string kGrant = ": heddle user edit LOGIN --grant-project PREFIX";

Finding examine_project(ObsClient& client, const BuildServiceConfig& config, const std::string& project) {
    const auto why = why_not_changed(client, config.dialect, config.user, project);
    if (why) return {"project", false, "project " + project + ": " + *why};
    return {"project", true, "project " + project + " is there, and the build service lets it be changed"};
}

}  // namespace

bool uses_obs(const Config& config) { return config.build_service.kind == BuildServiceConfig::Kind::Obs; }

std::vector<Finding> examine_obs(const Config& config, const std::optional<std::string>& project) {
    const BuildServiceConfig& settings = config.build_service;
    std::vector<Finding> findings;
    try {
        HttpClient transport(obs_client_options());
        ObsClient client(transport, obs_access(settings));
        const std::string greeting = greet_obs(client, settings.dialect, settings.user);
        findings.push_back({kAbout, true, settings.api_url + " " + greeting});
        if (project) findings.push_back(examine_project(client, settings, *project));
    } catch (const WrongUse& mistake) {
        findings.push_back({kAbout, false, mistake.what()});
    } catch (const RemoteError& error) {
        findings.push_back({kAbout, false, settings.api_url + ": " + error.what()});
    }
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

Finding examine_grants(pqxx::connection& connection, const std::optional<std::string>& project) {
    pqxx::nontransaction tx(connection);
    if (!project) {
        if (has_any_grant(tx)) return {"grants", true, "there are some"};
        return {"grants", true, "nobody may change any project" + kGrant, true};
    }
    const std::vector<std::string> users = who_may_change(tx, *project);
    if (users.empty()) return {"grants", false, "nobody may change project " + *project + kGrant};
    return {"grants", true, in_words(users) + " may change project " + *project};
}

}  // namespace heddle
