// SPDX-License-Identifier: Apache-2.0
#include "app/build_service/embedded/repository_paths.hpp"

#include <algorithm>

#include "app/build_service/embedded/project_store.hpp"
#include "app/build_service/embedded/repository_store.hpp"

namespace heddle {
namespace {

constexpr std::size_t kDeepestChain = 64;

std::string in_words(const RepositoryPath& path) { return path.project + "/" + path.repository; }

}  // namespace

std::string BuildPaths::why_not_built(const RepositoryPath& repository) {
    std::vector<RepositoryPath> above;
    return follow(repository, above);
}

std::string BuildPaths::follow(const RepositoryPath& repository, std::vector<RepositoryPath>& above) {
    if (repository == kLocalRepository) return "";
    if (std::find(above.begin(), above.end(), repository) != above.end() || above.size() == kDeepestChain)
        return "the repository paths of " + in_words(above.front()) + " run in a circle";
    const auto key = std::pair(repository.project, repository.repository);
    if (const auto found = known_.find(key); found != known_.end()) return found->second;

    const Repositories* repositories = repositories_in(repository.project);
    const auto at = repositories ? repositories->find(repository.repository) : Repositories::const_iterator();
    if (!repositories || at == repositories->end())
        return "repository " + in_words(repository) +
               " is not known here: only repositories without paths and those whose paths end in " +
               in_words(kLocalRepository) + " are built";
    above.push_back(repository);
    std::string problem;
    for (const RepositoryPath& path : at->second)
        if (problem = follow(path, above); !problem.empty()) break;
    above.pop_back();
    // What stands inside of a circle is judged with the circle, not alone.
    if (problem.empty() || above.empty()) known_[key] = problem;
    return problem;
}

const BuildPaths::Repositories* BuildPaths::repositories_in(const std::string& project) {
    auto found = projects_.find(project);
    if (found == projects_.end()) {
        std::pair<bool, Repositories> entry;
        if (const auto stored = find_project(tx_, project)) {
            entry.first = true;
            for (const RepositoryConfig& repository : repositories_of(tx_, stored->id))
                entry.second[repository.name] = repository.paths;
        }
        found = projects_.emplace(project, std::move(entry)).first;
    }
    return found->second.first ? &found->second.second : nullptr;
}

}  // namespace heddle
