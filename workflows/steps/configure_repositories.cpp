// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <nlohmann/json.hpp>

#include "workflows/model/wording.hpp"
#include "workflows/steps/event_matrix.hpp"
#include "workflows/steps/instructions.hpp"
#include "workflows/steps/pull_request_project.hpp"
#include "workflows/steps/step_makers.hpp"
#include "workflows/steps/target_names.hpp"

namespace heddle {
namespace {

const std::vector<std::string_view> kRebuildWords{"transitive", "direct", "local"};
const std::vector<std::string_view> kLinkedBuildWords{
    "off", "localdep", "all", "alldirect", "alldirect_or_localdep"};

class ConfigureRepositories final : public Step {
public:
    ConfigureRepositories(std::string base,
                          std::vector<RepositoryConfig> repositories,
                          std::string repositories_json,
                          int line)
        : base_(std::move(base)),
          repositories_(std::move(repositories)),
          repositories_json_(std::move(repositories_json)),
          line_(line) {}

    std::vector<StepPlan> plan(const ScmEvent& event) const override {
        const auto action = acts_on_existing(event) ? StepPlan::Action::Configure : StepPlan::Action::Nothing;
        return {{action, target_of(base_, "", event), false, line_}};
    }

    StepOutcome run(const StepContext& context) const override {
        if (!acts_on_existing(context.event)) return nothing_to_do(context.event);
        const PackageRef target = target_of(base_, "", context.event);
        require_legal(target, context.event);
        claim_existing_project(context, target.project);
        context.builds.configure_repositories(target.project, repositories_);
        StepOutcome outcome;
        outcome.artifacts = artifacts(target.project);
        outcome.message = "configured " + names() + " in " + target.project;
        return outcome;
    }

private:
    std::string artifacts(const std::string& project) const {
        const nlohmann::json artifacts{{"project", project},
                                       {"repositories", nlohmann::json::parse(repositories_json_)}};
        return artifacts.dump();
    }

    std::string names() const {
        std::vector<std::string> names;
        for (const RepositoryConfig& repository : repositories_) names.push_back(repository.name);
        return in_words(names);
    }

    std::string base_;
    std::vector<RepositoryConfig> repositories_;
    std::string repositories_json_;  // as given
    int line_;
};

/// Exactly two keys: others are refused here and only here, as OBS does (reference 5.6).
RepositoryPath read_path(const DefinitionNode& node, Problems& problems) {
    Instructions reader("a path of configure_repositories", node, node, problems);
    if (!node.is_map()) {
        reader.refuse(node,
                      "a path needs the keys \"target_project\" and \"target_repository\", it is " +
                          std::string(kind_in_words(node)));
        return {};
    }
    for (const auto& [key, value] : node.entries)
        if (key.text != "target_project" && key.text != "target_repository")
            reader.refuse(key,
                          "a path has the keys \"target_project\" and \"target_repository\", not " +
                              heddle::quoted(key.text));
    return {reader.required_name(NameKind::Project, "target_project"),
            reader.required_name(NameKind::Repository, "target_repository")};
}

std::vector<std::string> read_architectures(const DefinitionNode& list, Instructions& reader) {
    std::vector<std::string> architectures;
    for (const DefinitionNode& item : list.items) {
        if (!item.is_scalar()) {
            reader.refuse(item, "an architecture must be text, not " + std::string(kind_in_words(item)));
            continue;
        }
        if (const auto reason = why_refused(NameKind::Architecture, item.text)) reader.refuse(item, *reason);
        if (std::find(architectures.begin(), architectures.end(), item.text) == architectures.end())
            architectures.push_back(item.text);
    }
    return architectures;
}

RepositoryConfig read_repository(const DefinitionNode& node, Problems& problems) {
    Instructions reader("a repository of configure_repositories", node, node, problems);
    RepositoryConfig repository;
    if (!node.is_map()) {
        reader.refuse(node,
                      "a repository needs the keys \"name\", \"paths\" and \"architectures\", it is " +
                          std::string(kind_in_words(node)));
        return repository;
    }
    repository.name = reader.required_name(NameKind::Repository, "name");
    if (const auto* paths = reader.required_list("paths", Instructions::Empty::Allowed))
        for (const DefinitionNode& path : paths->items) repository.paths.push_back(read_path(path, problems));
    if (const auto* list = reader.required_list("architectures", Instructions::Empty::Allowed))
        repository.architectures = read_architectures(*list, reader);
    repository.rebuild = reader.optional_word("rebuild", kRebuildWords);
    repository.linkedbuild = reader.optional_word("linkedbuild", kLinkedBuildWords);
    return repository;
}

}  // namespace

std::shared_ptr<const Step> make_configure_repositories(const DefinitionNode& key,
                                                        const DefinitionNode& instructions,
                                                        Problems& problems) {
    Instructions reader("configure_repositories", key, instructions, problems);
    std::string base = reader.required_name(NameKind::Project, "project");
    const DefinitionNode* list = reader.required_list("repositories", Instructions::Empty::Refused);
    if (list == nullptr) return nullptr;
    std::vector<RepositoryConfig> repositories;
    for (const DefinitionNode& item : list->items) repositories.push_back(read_repository(item, problems));
    return std::make_shared<ConfigureRepositories>(
        std::move(base), std::move(repositories), to_json(*list), key.line);
}

}  // namespace heddle
