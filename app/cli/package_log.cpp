// SPDX-License-Identifier: Apache-2.0
#include "app/cli/package_log.hpp"

#include <unistd.h>

#include <algorithm>
#include <iostream>

#include "app/config/wrong_use.hpp"
#include "workflows/model/wording.hpp"

namespace heddle {
namespace {

std::string place_of(const BuildView& build) { return build.repository + "/" + build.architecture; }

std::string state_of(const BuildView& build) {
    return build.state + (build.details.empty() ? "" : ": " + one_line(build.details));
}

/// What a build prints is a stranger's word: it must not steer our terminal.
std::string harmless(std::string text) {
    std::replace_if(
        text.begin(),
        text.end(),
        [](unsigned char c) { return (c < ' ' && c != '\n' && c != '\t' && c != '\r') || c == 0x7F; },
        '?');
    return text;
}

BuildView choose(std::vector<BuildView> builds, const PackageRef& ref, const PackageArguments& arguments) {
    std::erase_if(builds, [&](const BuildView& build) {
        return (arguments.repository && build.repository != *arguments.repository) ||
               (arguments.architecture && build.architecture != *arguments.architecture);
    });
    if (builds.empty()) throw WrongUse("package " + to_string(ref) + " has no such build");
    if (builds.size() == 1) return builds.front();
    std::vector<std::string> places;
    for (const BuildView& build : builds) places.push_back(place_of(build));
    throw WrongUse("package " + to_string(ref) + " has builds in " + in_words(places) +
                   ": choose with --repository and --arch");
}

/// Everything that is there by now. False: there was nothing new.
bool print_new(BuildServiceDesk& desk, std::int64_t build_id, int& position, bool to_terminal) {
    bool printed = false;
    for (std::string text = desk.read_log(build_id, position); !text.empty();
         text = desk.read_log(build_id, position)) {
        std::cout << (to_terminal ? harmless(std::move(text)) : text) << std::flush;
        printed = true;
    }
    return printed;
}

}  // namespace

int print_package_log(BuildServiceDesk& desk, const PackageRef& ref, const PackageArguments& arguments) {
    BuildView build = choose(desk.builds(ref), ref, arguments);
    const bool to_terminal = ::isatty(STDOUT_FILENO) == 1;
    int position = 0;
    bool printed = print_new(desk, build.id, position, to_terminal);
    if (arguments.follow && build.goes_on && !printed)
        std::cerr << "heddle: the build in " << place_of(build) << " is " << state_of(build) << '\n';
    while (arguments.follow && build.goes_on && std::cout) {
        desk.wait_for_news();
        const auto now = desk.build(build.id);
        if (!now) throw WrongUse("package " + to_string(ref) + " was deleted meanwhile");
        build = *now;  // asked before the log is read: what was written before the end is printed
        if (print_new(desk, build.id, position, to_terminal)) printed = true;
    }
    if (!printed || arguments.follow)
        std::cerr << "heddle: the build in " << place_of(build) << " is " << state_of(build) << '\n';
    return printed ? 0 : 1;
}

}  // namespace heddle
