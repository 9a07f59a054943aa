// SPDX-License-Identifier: Apache-2.0
// Build events as a build service posts them.
#include <algorithm>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/fuzz/require.hpp"
#include "workflows/model/names.hpp"
#include "workflows/model/read_build_events.hpp"
#include "workflows/model/storable_text.hpp"

using namespace heddle;

namespace {

bool is_package(const std::string& text) {
    const std::size_t colon = text.find(':');
    return is_package_name(text.substr(0, colon)) &&
           (colon == std::string::npos || is_package_name(text.substr(colon + 1)));
}

void check_time(const std::optional<TimePoint>& time) {
    if (time) REQUIRE(time->time_since_epoch().count() >= 0);
}

/// Nothing that PostgreSQL refuses, and no name that OBS would not have.
void check(const BuildEvent& event) {
    if (event.type == BuildEventType::RequestStateChange) {
        REQUIRE(event.request > 0 && event.id.empty());
        REQUIRE(storable_text(event.request_state) == event.request_state && !event.request_state.empty());
        REQUIRE(event.package.project.empty() || is_project_name(event.package.project));
        REQUIRE(storable_text(event.package.package) == event.package.package);
        REQUIRE(storable_text(event.reason) == event.reason && event.reason.size() <= 2000);
        return check_time(event.ended_at);
    }
    REQUIRE(is_project_name(event.package.project));
    const bool of_project = event.type == BuildEventType::ProjectDeleted;
    REQUIRE(of_project ? event.package.package.empty() : is_package(event.package.package));
    const bool is_end = of_project || event.type == BuildEventType::PackageDeleted;
    REQUIRE(is_end ? event.repository.empty() : is_repository_name(event.repository));
    REQUIRE(is_end ? event.architecture.empty() : is_architecture(event.architecture));
    for (const std::string* text : {&event.id, &event.revision.rev, &event.revision.srcmd5})
        REQUIRE(storable_text(*text) == *text && text->size() <= 255);
    REQUIRE(storable_text(event.reason) == event.reason && event.reason.size() <= 2000);
    check_time(event.started_at);
    check_time(event.ended_at);
    REQUIRE(build_event_type_from(to_string(event.type)) == event.type);
}

/// One line that names the element it is about.
void check_problem(const ReadBuildEvents& read) {
    REQUIRE(storable_text(read.problem) == read.problem && read.problem.size() < 2000);
    REQUIRE(std::none_of(read.problem.begin(), read.problem.end(), [](unsigned char c) { return c < 0x20; }));
    if (!read.places.empty()) REQUIRE(read.problem.starts_with(read.places.back()));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view body(reinterpret_cast<const char*>(data), size);
    const ReadBuildEvents read = read_build_events(body);
    REQUIRE(read.events.size() == read.places.size() && read.events.size() <= 1000);
    if (!read.problem.empty()) {
        check_problem(read);
        return 0;
    }
    for (const BuildEvent& event : read.events) check(event);
    const auto document = nlohmann::json::parse(body);
    REQUIRE(read.events.size() == (document.is_array() ? document.size() : 1));
    return 0;
}
