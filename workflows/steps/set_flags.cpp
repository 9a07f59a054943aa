// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <set>

#include "workflows/model/wording.hpp"
#include "workflows/steps/event_matrix.hpp"
#include "workflows/steps/instructions.hpp"
#include "workflows/steps/pull_request_project.hpp"
#include "workflows/steps/step_makers.hpp"
#include "workflows/steps/target_names.hpp"

namespace heddle {
namespace {

const std::vector<std::string_view> kTypes{
    "lock", "build", "publish", "debuginfo", "useforbuild", "binarydownload", "sourceaccess", "access"};
const std::vector<std::string_view> kStatuses{"enable", "disable"};

class SetFlags final : public Step {
public:
    struct Flag {
        FlagSetting setting;  // names as in the file
        int line = 0;
    };

    SetFlags(std::vector<Flag> flags, std::string artifacts)
        : flags_(std::move(flags)), artifacts_(std::move(artifacts)) {}

    /// Each project and package once.
    std::vector<StepPlan> plan(const ScmEvent& event) const override {
        const auto action = acts_on_existing(event) ? StepPlan::Action::SetFlags : StepPlan::Action::Nothing;
        std::vector<StepPlan> plans;
        std::set<PackageRef> seen;
        for (const Flag& flag : flags_) {
            const PackageRef target = target_of(flag.setting.project, flag.setting.package, event);
            if (seen.insert(target).second) plans.push_back({action, target, false, flag.line});
        }
        return plans;
    }

    StepOutcome run(const StepContext& context) const override {
        if (!acts_on_existing(context.event)) return nothing_to_do(context.event);
        const std::vector<FlagSetting> settings = settings_for(context.event);
        const auto holds = hold_targets(context, settings);
        context.builds.set_flags(settings);
        StepOutcome outcome;
        outcome.artifacts = artifacts_;
        outcome.message = describe(settings);
        return outcome;
    }

private:
    std::vector<FlagSetting> settings_for(const ScmEvent& event) const {
        std::vector<FlagSetting> settings;
        for (const Flag& flag : flags_) {
            settings.push_back(flag.setting);
            const PackageRef target = target_of(flag.setting.project, flag.setting.package, event);
            require_legal(target, event);
            settings.back().project = target.project;
            settings.back().package = target.package;
        }
        return settings;
    }

    /// Packages in one order, so that two runs never wait for each other.
    static std::vector<std::unique_ptr<RunLog::Hold>> hold_targets(const StepContext& context,
                                                                   const std::vector<FlagSetting>& settings) {
        std::set<PackageRef> packages;
        std::set<std::string> projects;
        for (const FlagSetting& setting : settings) {
            projects.insert(setting.project);
            if (!setting.package.empty()) packages.insert({setting.project, setting.package});
        }
        for (const std::string& project : projects) claim_existing_project(context, project);
        std::vector<std::unique_ptr<RunLog::Hold>> holds;
        holds.reserve(packages.size());
        for (const PackageRef& package : packages) holds.push_back(context.log.hold(package));
        return holds;
    }

    static std::string describe(const std::vector<FlagSetting>& settings) {
        std::vector<std::string> words;
        words.reserve(settings.size());
        for (const FlagSetting& setting : settings)
            words.push_back(setting.type + " to " + setting.status + " for " +
                            (setting.package.empty()
                                 ? setting.project
                                 : to_string(PackageRef{setting.project, setting.package})));
        return "set " + in_words(words);
    }

    std::vector<Flag> flags_;
    std::string artifacts_;
};

/// One package, each of a list, or none (""): the project is meant. OBS takes a file with a list, too, but
/// sets the flag on one of its packages only, which nobody who writes a list can want.
std::vector<std::string> read_packages(const DefinitionNode& node, Instructions& reader) {
    const DefinitionNode* package = node.find("package");
    if (package == nullptr || !package->is_list())
        return {reader.optional_name(NameKind::Package, "package")};
    if (package->items.empty()) reader.refuse(*package, "\"package\" of a flag is an empty list");
    std::vector<std::string> names;
    for (const DefinitionNode& item : package->items) {
        const auto reason = item.is_scalar() ? why_refused(NameKind::Package, item.text)
                                             : "it must be text, not " + std::string(kind_in_words(item));
        if (reason) reader.refuse(item, "\"package\" of a flag: " + *reason);
        names.push_back(item.text);
    }
    return names;
}

/// One flag for each package that it names.
void read_flag(const DefinitionNode& node, Problems& problems, std::vector<SetFlags::Flag>& flags) {
    Instructions reader("a flag of set_flags", node, node, problems);
    if (!node.is_map()) {
        reader.refuse(node,
                      "a flag needs the keys \"type\", \"status\" and \"project\", it is " +
                          std::string(kind_in_words(node)));
        return;
    }
    SetFlags::Flag flag;
    flag.line = node.line;
    flag.setting.type = reader.required_word("type", kTypes);
    flag.setting.status = reader.required_word("status", kStatuses);
    flag.setting.project = reader.required_name(NameKind::Project, "project");
    const std::vector<std::string> packages = read_packages(node, reader);
    flag.setting.repository = reader.optional_name(NameKind::Repository, "repository");
    flag.setting.architecture = reader.optional_name(NameKind::Architecture, "architecture");
    for (const std::string& package : packages) {
        flags.push_back(flag);
        flags.back().setting.package = package;
    }
}

}  // namespace

std::shared_ptr<const Step> make_set_flags(const DefinitionNode& key,
                                           const DefinitionNode& instructions,
                                           Problems& problems) {
    Instructions reader("set_flags", key, instructions, problems);
    const DefinitionNode* list = reader.required_list("flags", Instructions::Empty::Refused);
    if (list == nullptr) return nullptr;
    std::vector<SetFlags::Flag> flags;
    for (const DefinitionNode& item : list->items) read_flag(item, problems, flags);
    return std::make_shared<SetFlags>(std::move(flags), to_json(instructions));
}

}  // namespace heddle
