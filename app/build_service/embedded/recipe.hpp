// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace heddle {

/// One command of a recipe. They run in order in the folder of the sources.
struct RecipeStep {
    enum class Kind {
        Build,         // its failure fails the build
        Dependencies,  // asks whether everything needed is here; its failure may mean unresolvable
        Condition,     // quiet: its failure skips the next step
    };

    Kind kind = Kind::Build;
    std::string name;                    // as the log and the reason of a failure show it: "make check"
    std::vector<std::string> arguments;  // the program: absolute, or relative to the sources' folder
};

/// How these sources are built.
struct Recipe {
    std::vector<RecipeStep> steps;
    std::vector<std::string> tools;  // programs of the host that it can't do without
    std::string note;                // a sentence for the log, or empty
};

/// The first that fits: an executable .obs/build, *.spec, debian/rules, a makefile (design 9). nullopt: none.
/// Looks at regular files only and never follows a link. `root` is where a command sees the workspace;
/// of several spec files the one named after `package` is taken, else the first by name.
std::optional<Recipe> find_recipe(const std::filesystem::path& source,
                                  const std::string& root,
                                  const std::string& package);

/// Those tools of a recipe that this machine has not got.
std::vector<std::string> missing_tools(const Recipe& recipe);

/// What rpm's or dpkg's check said is missing, from its output; empty: it failed for another reason.
std::vector<std::string> missing_dependencies(const std::string& output);

}  // namespace heddle
