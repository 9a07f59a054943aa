// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "app/build_service/obs/obs_build_service.hpp"
#include "app/net/http_client.hpp"
#include "tests/flow/serve/serve_world.hpp"
#include "tests/support/obs_backend.hpp"
#include "tests/support/obs_frontend.hpp"

namespace heddle::test {

/// Carries requests, and remembers them: "GET http://127.0.0.1:40789/source/demo/_meta".
class RememberingTransport final : public HttpTransport {
public:
    HttpResponse send(const ForgeAccess& access, const HttpRequest& request) override {
        asked.push_back(request.method + " " + request.url);
        return client_.send(access, request);
    }

    std::vector<std::string> asked;

private:
    HttpClient client_;
};

/// A build service of ann on a fresh backend of its own. For one thread.
class ObsServiceWorld {
public:
    static constexpr bool kKeepsGit = false;
    static constexpr bool kHasFlavours = true;
    static constexpr bool kKeepsRequests = false;
    static constexpr const char* kName = "Open Build Service 2.9.4";

    explicit ObsServiceWorld(const ObsBackend::Options& options = {ObsBackend::Level::Sched})
        : backend(options) {}

    BuildService& service() { return service_; }
    ObsBuildService service_of(const std::string& login) {
        return {client_, ObsBuildService::Dialect::Backend, "", actor(login)};
    }
    bool becomes(const std::function<bool()>& condition) { return eventually(condition); }
    void add_file_package(const PackageRef& ref) {
        if (backend.get("/source/" + ref.project + "/_meta").status != 200) backend.add_project(ref.project);
        backend.add_package(ref.project, ref.package, ObsBackend::recipe("true"));
    }

    ObsBackend backend;
    /// What nobody may change.
    std::set<std::string> forbidden;
    RememberingTransport transport;

private:
    ObsActor actor(const std::string& login) {
        return {login, [this, login](const std::string& project) -> std::optional<std::string> {
                    if (forbidden.contains(project)) return login + " has no grant for project " + project;
                    return std::nullopt;
                }};
    }

    ObsClient client_{transport, {backend.api_url(), "", "", true}};
    ObsBuildService service_ = service_of("ann");
};

/// The same through the public API, as the account of the frontend's stand-in.
class PublicObsWorld {
public:
    static constexpr bool kKeepsGit = false;
    static constexpr bool kHasFlavours = true;
    static constexpr bool kKeepsRequests = true;
    static constexpr const char* kName = "the public API in front of Open Build Service 2.9.4";

    explicit PublicObsWorld(const ObsBackend::Options& options = {ObsBackend::Level::Sched})
        : behind_(options) {}

    BuildService& service() { return service_; }
    bool becomes(const std::function<bool()>& condition) { return eventually(condition); }
    void add_file_package(const PackageRef& ref) { behind_.add_file_package(ref); }
    ObsFrontend& frontend() { return frontend_; }
    ObsBackend& backend() { return behind_.backend; }

private:
    ObsServiceWorld behind_;
    ObsFrontend frontend_{behind_.backend};
    HttpClient transport_;
    ObsClient client_{transport_, {frontend_.url(), ObsFrontend::kUser, ObsFrontend::kPassword, true}};
    ObsBuildService service_{client_,
                             ObsBuildService::Dialect::Public,
                             ObsFrontend::kUser,
                             {"ann", [](const std::string&) { return std::nullopt; }}};
};

}  // namespace heddle::test
