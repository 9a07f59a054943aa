// SPDX-License-Identifier: Apache-2.0
// `heddle doctor` and an Open Build Service: what it says is what somebody can mend.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "tests/flow/serve/serve_world.hpp"
#include "tests/support/obs_backend.hpp"
#include "tests/support/obs_frontend.hpp"
#include "tests/support/rabbitmq.hpp"

using namespace heddle::test;

namespace {

struct Examined {
    Examined() {
        backend.add_project("demo");
        world.environment = {{"HEDDLE_BUILD_SERVICE_KIND", "obs"},
                             {"HEDDLE_BUILD_SERVICE_DIALECT", "backend"},
                             {"HEDDLE_BUILD_SERVICE_API_URL", backend.api_url()},
                             {"HEDDLE_BUILD_SERVICE_PRIVATE_NETWORK", "true"}};
        world.heddle_done({"migrate"});
    }

    /// The line that begins so; empty: there is none.
    std::string line(const std::string& begin, const std::vector<std::string>& options = {}) {
        std::vector<std::string> arguments{"doctor"};
        arguments.insert(arguments.end(), options.begin(), options.end());
        const std::string out = world.heddle(arguments).out;
        const auto at = out.find(begin);
        return at == std::string::npos ? "" : out.substr(at, out.find('\n', at) - at);
    }
    std::string service() { return line("build service   ").substr(std::string("build service   ").size()); }

    ObsBackend backend{{ObsBackend::Level::Source}};
    ServeWorld world;
};

}  // namespace

TEST_CASE("doctor finds a backend, and says who may change what there") {
    Examined examined;
    const std::string url = examined.backend.api_url();
    CHECK(examined.service() == url + " is its Source Repository Server");
    CHECK(examined.line("note  grants").find("--grant-project") != std::string::npos);
    CHECK(examined.line("mend  grants", {"--project", "demo"}).find("nobody may change project demo") !=
          std::string::npos);
    examined.world.heddle_done({"user", "create", "ann"});
    examined.world.heddle_done({"user", "edit", "ann", "--grant-project", "demo"});
    CHECK(examined.line("ok    grants", {"--project", "demo:x"}).ends_with("ann may change project demo:x"));
    CHECK(examined.line("ok    project", {"--project", "demo"}).find("project demo is there") !=
          std::string::npos);
    CHECK(
        examined.line("mend  project", {"--project", "demo:x"}).ends_with("project demo:x: it is not there"));
    CHECK(examined.line("mend  project", {"--project", "../x"}).find("is no project name") !=
          std::string::npos);
}

TEST_CASE("doctor says that the build service is away, or is another program") {
    Examined examined;
    const std::string url = examined.backend.api_url();
    examined.backend.kill_hard();
    CHECK(examined.line("mend  build service").find(url + ": greet the build service: ") !=
          std::string::npos);
    CHECK(examined.world.heddle({"doctor"}).exit_code == 1);
    StandInServer other([](const StandInRequest&) { return StandInAnswer{200, "<html>hello</html>", {}}; });
    examined.world.environment["HEDDLE_BUILD_SERVICE_API_URL"] = other.url();
    CHECK(examined.line("mend  build service").find("no document of a build service") != std::string::npos);
}

TEST_CASE("doctor tells the repository server of a backend from its source server") {
    Examined examined;
    const ObsBackend backend{{ObsBackend::Level::Sched}};
    examined.world.environment["HEDDLE_BUILD_SERVICE_API_URL"] = backend.repository_url();
    const std::string line = examined.line("mend  build service");
    CHECK(line.find("it is a Package Repository Server") != std::string::npos);
    CHECK(line.find("must be that of the Source Repository Server (bs_srcserver, mostly port 5352)") !=
          std::string::npos);
}

TEST_CASE("doctor tries the login at the public API, and looks for its name at a project") {
    Examined examined;
    ObsFrontend frontend(examined.backend);
    auto& environment = examined.world.environment;
    const auto password = examined.world.folder() / "obs-password";
    const auto write = [&](const std::string& text) {
        std::ofstream(password) << text << '\n';
        std::filesystem::permissions(password, std::filesystem::perms(0600));
    };
    environment["HEDDLE_BUILD_SERVICE_DIALECT"] = "public";
    environment["HEDDLE_BUILD_SERVICE_API_URL"] = frontend.url();
    environment["HEDDLE_BUILD_SERVICE_USER"] = ObsFrontend::kUser;
    environment["HEDDLE_BUILD_SERVICE_PASSWORD_FILE"] = password;
    write("wrong password");
    CHECK(examined.line("mend  build service").find("refuses the login") != std::string::npos);
    write(ObsFrontend::kPassword);
    CHECK(examined.service() == frontend.url() + " knows heddle");
    std::filesystem::permissions(password, std::filesystem::perms(0640));
    CHECK(examined.line("mend  build service")
              .ends_with("HEDDLE_BUILD_SERVICE_PASSWORD_FILE: build_service.password_file: \"" +
                         password.string() + "\" must be a file of our own with mode 0600"));
    std::filesystem::permissions(password, std::filesystem::perms(0600));
    CHECK(
        examined.line("mend  project", {"--project", "demo"}).find("heddle is not named as its maintainer") !=
        std::string::npos);
    examined.backend.put("/source/demo/_meta",
                         "<project name=\"demo\"><title/><description/>"
                         "<person userid=\"heddle\" role=\"maintainer\"/></project>");
    CHECK(!examined.line("ok    project", {"--project", "demo"}).empty());
    CHECK(examined.world.heddle({"doctor", "--project", "demo"}).out.find(ObsFrontend::kPassword) ==
          std::string::npos);
}

TEST_CASE("a project of the embedded build service is not doctor's") {
    Examined examined;
    examined.world.environment.clear();
    const Ended ended = examined.world.heddle({"doctor", "--project", "demo"});
    CHECK(ended.exit_code == 2);
    CHECK(ended.err.find("heddle project show") != std::string::npos);
}

TEST_CASE("doctor listens to the bus for a moment, and says what keeps it from it") {
    RabbitMq& bus = RabbitMq::shared();
    bus.add_exchange("doctors");
    ServeWorld world;
    const std::string front = "HEDDLE_BUILD_EVENTS_RABBITMQ_";
    const std::string place = "127.0.0.1:" + std::to_string(bus.port());
    world.environment = {{front + "URL", "amqp://guest:guest@" + place},
                         {front + "EXCHANGE", "doctors"},
                         {front + "QUEUE", "doctors-queue"}};
    const auto out = [&] { return world.heddle({"doctor"}).out; };
    CHECK(out().find("ok    message bus     amqp://" + place + " lets us listen to opensuse.obs.#") !=
          std::string::npos);
    CHECK(bus.waiting("doctors-queue") == -1);
    world.environment[front + "EXCHANGE"] = "nowhere";
    CHECK(out().find("mend  message bus") != std::string::npos);
    CHECK(out().find("no exchange 'nowhere'") != std::string::npos);
    world.environment[front + "URL"] = "amqp://guest:wrong-password@" + place;
    CHECK(out().find("mend  message bus") != std::string::npos);
    CHECK(out().find("wrong-password") == std::string::npos);
    world.environment[front + "URL"] = "amqp://guest:guest@127.0.0.1:1";
    CHECK(out().find("listen to amqp://127.0.0.1:1: nobody listens there") != std::string::npos);
}
