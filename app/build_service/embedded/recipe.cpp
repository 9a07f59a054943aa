// SPDX-License-Identifier: Apache-2.0
#include "app/build_service/embedded/recipe.hpp"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <sstream>

#include "app/build_service/embedded/process.hpp"
#include "app/build_service/embedded/recipe_scripts.hpp"

namespace heddle {
namespace {

namespace fs = std::filesystem;
using Kind = RecipeStep::Kind;

/// The file's mode, if it is a regular file that is reached without a link; 0: it is not.
mode_t regular_file(const fs::path& source, const std::string& path) {
    const Descriptor folder(::open(source.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    open_how how = {};
    how.flags = O_PATH | O_CLOEXEC;
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS;
    const Descriptor file(
        static_cast<int>(::syscall(SYS_openat2, folder.get(), path.c_str(), &how, sizeof how)));
    struct stat found = {};
    if (!file || ::fstat(file.get(), &found) < 0 || !S_ISREG(found.st_mode)) return 0;
    return found.st_mode;
}

RecipeStep shell(Kind kind, std::string name, const char* script, std::vector<std::string> arguments) {
    RecipeStep step{kind, std::move(name), {"/bin/sh", "-c", script, "sh"}};
    step.arguments.insert(step.arguments.end(), arguments.begin(), arguments.end());
    return step;
}

RecipeStep command(Kind kind, const std::vector<std::string>& words) {
    RecipeStep step{kind, {}, words};
    for (const auto& word : words) step.name += (step.name.empty() ? "" : " ") + word;
    step.arguments.front().insert(0, "/usr/bin/");
    return step;
}

std::optional<Recipe> obs_build(const fs::path& source) {
    if ((regular_file(source, ".obs/build") & S_IXUSR) == 0) return std::nullopt;
    return Recipe{{{Kind::Build, ".obs/build", {"./.obs/build"}}}, {}, {}};
}

std::optional<std::string> spec_file(const fs::path& source, const std::string& package) {
    std::vector<std::string> found;
    for (const auto& entry : fs::directory_iterator(source)) {
        std::string name = entry.path().filename();
        if (name.ends_with(".spec") && name.front() != '-' && regular_file(source, name) != 0)
            found.push_back(std::move(name));
    }
    if (found.empty()) return std::nullopt;
    const std::string named = package.substr(0, package.find(':')) + ".spec";
    if (std::find(found.begin(), found.end(), named) != found.end()) return named;
    return *std::min_element(found.begin(), found.end());
}

std::optional<Recipe> spec(const fs::path& source, const std::string& root, const std::string& package) {
    const auto file = spec_file(source, package);
    if (!file) return std::nullopt;
    const std::string top = root + "/rpm";
    return Recipe{{shell(Kind::Dependencies, "check what " + *file + " requires", kCheckSpecScript, {*file}),
                   shell(Kind::Build, "prepare the source of " + *file, kMakeSourceScript, {*file, top}),
                   shell(Kind::Dependencies, "rpmbuild -ba " + *file, kBuildSpecScript, {*file, top})},
                  {"rpmbuild", "rpmspec", "tar"},
                  {}};
}

std::optional<Recipe> debian(const fs::path& source) {
    if (regular_file(source, "debian/rules") == 0) return std::nullopt;
    return Recipe{{command(Kind::Dependencies, {"dpkg-checkbuilddeps"}),
                   command(Kind::Build, {"dpkg-buildpackage", "-us", "-uc", "-b"})},
                  {"dpkg-buildpackage", "dpkg-checkbuilddeps", "fakeroot", "make"},
                  {}};
}

std::optional<Recipe> makefile(const fs::path& source) {
    const auto fits = [&](const char* name) { return regular_file(source, name) != 0; };
    if (!fits("GNUmakefile") && !fits("makefile") && !fits("Makefile")) return std::nullopt;
    return Recipe{{command(Kind::Build, {"make"}),
                   shell(Kind::Condition, "is there a check?", kHasCheckScript, {}),
                   command(Kind::Build, {"make", "check"})},
                  {"make"},
                  {}};
}

}  // namespace

std::optional<Recipe> find_recipe(const fs::path& source,
                                  const std::string& root,
                                  const std::string& package) {
    auto recipe = obs_build(source);
    if (!recipe) recipe = spec(source, root, package);
    if (!recipe) recipe = debian(source);
    if (!recipe) recipe = makefile(source);
    if (recipe && recipe->steps.front().name != ".obs/build" && regular_file(source, ".obs/build") != 0)
        recipe->note = ".obs/build is not executable and was passed over";
    return recipe;
}

std::vector<std::string> missing_tools(const Recipe& recipe) {
    std::vector<std::string> missing;
    for (const auto& tool : recipe.tools)
        if (::access(("/usr/bin/" + tool).c_str(), X_OK) != 0) missing.push_back(tool);
    return missing;
}

std::vector<std::string> missing_dependencies(const std::string& output) {
    static const std::string kRpm = "Failed build dependencies:";
    static const std::string kRpmLine = " is needed by ";
    static const std::string kDpkg = "nmet build dependencies: ";  // "Unmet", in older versions "unmet"
    static const std::string kConflicts = "Build conflicts: ";
    std::vector<std::string> missing;
    std::istringstream lines(output);
    bool in_rpm = false;
    for (std::string line; std::getline(lines, line);) {
        const auto needed = line.find(kRpmLine);
        const auto unmet = line.find(kDpkg);
        const auto conflict = line.find(kConflicts);
        if (line.starts_with("\t") && in_rpm && needed != std::string::npos)
            missing.push_back(line.substr(1, needed - 1));
        else if (unmet != std::string::npos)
            missing.push_back(line.substr(unmet + kDpkg.size()));
        else if (conflict != std::string::npos)
            missing.push_back("no " + line.substr(conflict + kConflicts.size()));
        in_rpm = line.find(kRpm) != std::string::npos || (in_rpm && line.starts_with("\t"));
    }
    return missing;
}

}  // namespace heddle
