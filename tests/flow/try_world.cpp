// SPDX-License-Identifier: Apache-2.0
#include "tests/flow/try_world.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <sstream>

namespace heddle::test {

const std::filesystem::path& data_directory() {
    static const TemporaryFolder kFolder;
    std::filesystem::permissions(kFolder.path(), std::filesystem::perms(0755));
    return kFolder.path();
}

std::string workflow_for(const std::vector<std::string>& packages) {
    std::string text = "ci:\n  steps:\n";
    for (const std::string& package : packages)
        text += "    - branch_package:\n        source_project: demo\n        source_package: " + package +
                "\n        target_project: demo:CI\n";
    return text + "  filters:\n    event: pull_request\n";
}

TryWorld::TryWorld(const std::string& folder) : repository(folder) {}

void TryWorld::commit(const std::map<std::string, std::string>& files,
                      const std::vector<std::string>& executables) {
    for (const auto& [name, text] : files)
        repository.write(
            name, text, std::find(executables.begin(), executables.end(), name) != executables.end());
    repository.commit("Change " + (files.empty() ? std::string("nothing") : files.begin()->first));
}

void TryWorld::base(const std::map<std::string, std::string>& files,
                    const std::vector<std::string>& executables) {
    commit(files, executables);
}

void TryWorld::head(const std::map<std::string, std::string>& files,
                    const std::vector<std::string>& executables) {
    repository.branch("change");
    commit(files, executables);
}

RunOptions TryWorld::options() const {
    RunOptions options;
    options.environment["HEDDLE_DATA_DIR"] = data_directory() / "data";
    options.directory = repository.path();
    return options;
}

Ended TryWorld::heddle(const std::vector<std::string>& arguments) const {
    std::vector<std::string> all{heddle_program()};
    all.insert(all.end(), arguments.begin(), arguments.end());
    return run(all, options());
}

Ended TryWorld::try_change(const std::vector<std::string>& arguments) const {
    std::vector<std::string> all{"try", repository.path(), "--base", "main", "--head", "change"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    return heddle(all);
}

std::map<std::string, std::string> TryWorld::statuses(const std::string& revision) const {
    std::map<std::string, std::string> found;
    std::istringstream note(repository.git({"notes", "--ref", "heddle", "show", repository.id_of(revision)}));
    for (std::string line; std::getline(note, line);) {
        const auto tab = line.find('\t');
        REQUIRE(tab != std::string::npos);
        found[line.substr(tab + 1, line.find('\t', tab + 1) - tab - 1)] = line.substr(0, tab);
    }
    return found;
}

std::string TryWorld::json(const std::vector<std::string>& arguments) const {
    std::vector<std::string> all = arguments;
    all.insert(all.end(), {"--json", "--try", repository.path()});
    const Ended ended = heddle(all);
    REQUIRE_MESSAGE(ended.exit_code == 0, ended.err);
    return ended.out;
}

}  // namespace heddle::test
