// SPDX-License-Identifier: Apache-2.0
#include "app/build_service/embedded/builder_run.hpp"

#include <spdlog/spdlog.h>

#include <fstream>
#include <system_error>

#include "workflows/model/remote_error.hpp"
#include "workflows/model/wording.hpp"

namespace heddle {
namespace {

namespace fs = std::filesystem;
using std::chrono::steady_clock;

constexpr int kSourceTries = 3;
constexpr std::size_t kSaidBytes = std::size_t{64} << 10;  // enough for a list of missing packages

std::string joined(const std::vector<std::string>& items) {
    std::string text;
    for (const auto& item : items) text += (text.empty() ? "" : ", ") + item;
    return text;
}

void write_file(const fs::path& folder, const SourceFile& file) {
    const fs::path path = folder / file.name;
    fs::create_directories(path.parent_path());
    std::ofstream out(path, std::ios::binary);
    out.write(file.content.data(), static_cast<std::streamsize>(file.content.size()));
    out.close();
    if (!out) throw std::system_error(errno, std::generic_category(), file.name);
    if (file.executable) fs::permissions(path, fs::perms{0755});
}

/// In a new folder only the files' own names lead there.
bool can_not_be_there(const std::error_code& error) {
    for (const auto names : {std::errc::filename_too_long,
                             std::errc::not_a_directory,
                             std::errc::is_a_directory,
                             std::errc::file_exists})
        if (error == names) return true;
    return false;
}

std::string exit_in_words(const std::string& name, int code) {
    const std::string number = "exit code " + std::to_string(code);
    if (code <= 128 || code > 128 + 64) return name + " ended with " + number;
    return name + " was killed by signal " + std::to_string(code - 128) + " (" + number + ")";
}

SandboxCommand command_of(const BuilderOptions& options, const std::optional<Identity>& identity) {
    SandboxCommand command;
    const BuilderConfig& config = options.config;
    command.limits = {
        steady_clock::now() + config.timeout, config.timeout, config.memory, config.disk, config.processes};
    command.identity = identity;
    command.bubblewrap = config.sandbox == BuilderConfig::Sandbox::Bubblewrap;
    return command;
}

}  // namespace

BuilderRun::BuilderRun(const BuilderOptions& options,
                       const std::optional<Identity>& identity,
                       Pool& pool,
                       SourceFetcher& fetcher,
                       BuilderWake& wake,
                       const ClaimedBuild& build,
                       std::stop_token stop)
    : options_(options),
      pool_(pool),
      fetcher_(fetcher),
      wake_(wake),
      build_(build),
      stop_(std::move(stop)),
      log_(pool, build),
      command_(command_of(options, identity)) {}

std::optional<BuildEnd> BuilderRun::run(Workspace& workspace) {
    command_.workspace = workspace.root();
    if (auto end = prepare(workspace)) return end;
    if (stop_.stop_requested()) return std::nullopt;
    const std::string root = command_.bubblewrap ? "/build" : workspace.root().string();
    const auto recipe = find_recipe(workspace.source(), root, build_.package.package);
    if (!recipe)
        return ended(BuildState::Broken,
                     "no recipe: neither an executable .obs/build, a spec file, debian/rules nor a Makefile");
    const auto tools = missing_tools(*recipe);
    if (!tools.empty()) return ended(BuildState::Unresolvable, "this machine has no " + joined(tools));
    workspace.hand_over();
    return run_recipe(*recipe);
}

std::optional<BuildEnd> BuilderRun::prepare(const Workspace& workspace) {
    const BuildSources sources =
        in_transaction(pool_, [&](auto& tx) { return sources_of_build(tx, build_.id); });
    command_.environment = {"HEDDLE_PROJECT=" + build_.package.project,
                            "HEDDLE_PACKAGE=" + build_.package.package,
                            "HEDDLE_REPOSITORY=" + build_.repository,
                            "HEDDLE_ARCHITECTURE=" + build_.architecture,
                            "HEDDLE_COMMIT=" + sources.git_commit};
    log_.say("build " + to_string(build_.package) + " for " + build_.repository + " " + build_.architecture);
    return bring(workspace, sources);
}

std::optional<BuildEnd> BuilderRun::bring(const Workspace& workspace, const BuildSources& sources) {
    for (int tries = 1; !stop_.stop_requested(); ++tries) {
        std::string why;
        try {
            return sources.git_url.empty() ? write(workspace, sources.files) : fetch(workspace, sources);
        } catch (const RemoteError& error) {
            why = std::string("can't get the sources: ") + error.what();
            if (error.kind != RemoteError::Kind::Retry) return ended(BuildState::Broken, why);
        } catch (const std::system_error& error) {
            why = "can't write the sources: " + error.code().message();
            spdlog::warn("build {}: can't write the sources: {}", build_.id, one_line(error.what()));
        }
        if (tries == kSourceTries) return not_built(why);
        log_.say("once more: " + why);
        log_.flush();
        wake_.rest(std::chrono::seconds(tries), stop_);
    }
    return std::nullopt;
}

std::optional<BuildEnd> BuilderRun::fetch(const Workspace& workspace, const BuildSources& sources) {
    log_.say("commit " + sources.git_commit + (sources.subdir.empty() ? "" : " folder " + sources.subdir));
    log_.flush();
    const auto tree = fetcher_.fetch({sources.git_url, sources.git_commit, sources.subdir, sources.run},
                                     workspace.source(),
                                     options_.config.disk);
    if (!tree) return not_built("commit is no longer in the repository");
    if (!tree->found_in.empty())
        log_.say("not in the package's own git source, but in " + without_local_paths(tree->found_in));
    if (!tree->submodules.empty()) log_.say("submodules are left empty: " + joined(tree->submodules));
    return std::nullopt;
}

std::optional<BuildEnd> BuilderRun::write(const Workspace& workspace, const std::vector<SourceFile>& files) {
    for (const SourceFile& file : files) {
        try {
            write_file(workspace.source(), file);
        } catch (const std::system_error& error) {
            if (!can_not_be_there(error.code())) throw;
            return ended(BuildState::Broken,
                         "can't write the sources: " + file.name + ": " + error.code().message());
        }
    }
    log_.say(std::to_string(files.size()) + " source files");
    return std::nullopt;
}

std::optional<BuildEnd> BuilderRun::run_recipe(const Recipe& recipe) {
    if (!recipe.note.empty()) log_.say(recipe.note);
    bool condition = true;
    for (const RecipeStep& step : recipe.steps) {
        if (!condition) {
            condition = true;
            continue;
        }
        if (auto end = run_step(step, condition)) return end;
        if (stop_.stop_requested()) return std::nullopt;
    }
    return ended(BuildState::Succeeded, "");
}

std::optional<BuildEnd> BuilderRun::run_step(const RecipeStep& step, bool& condition) {
    const bool quiet = step.kind == RecipeStep::Kind::Condition;
    if (!quiet) log_.add("$ " + step.name + "\n");
    std::string said;
    const SandboxEnd end = run_command(step, said);
    switch (end.kind) {
        case SandboxEnd::Kind::Stopped: return std::nullopt;
        case SandboxEnd::Kind::Broken: return not_built(end.reason);
        case SandboxEnd::Kind::Limit: return ended(BuildState::Failed, step.name + ": " + end.reason);
        case SandboxEnd::Kind::Exited: break;
    }
    if (quiet) condition = end.exit_code == 0;
    if (quiet || end.exit_code == 0) return std::nullopt;
    if (step.kind == RecipeStep::Kind::Dependencies)
        if (const auto missing = missing_dependencies(said); !missing.empty())
            return ended(BuildState::Unresolvable, "missing on this machine: " + joined(missing));
    return ended(BuildState::Failed, exit_in_words(step.name, end.exit_code));
}

SandboxEnd BuilderRun::run_command(const RecipeStep& step, std::string& said) {
    command_.arguments = step.arguments;
    SandboxEvents events;
    events.tick = [&] { log_.tick(); };
    events.output = [&](std::string_view text) {
        if (step.kind == RecipeStep::Kind::Condition) return;
        log_.add(text);
        if (said.size() < kSaidBytes) said += text.substr(0, kSaidBytes);
    };
    return run_in_sandbox(command_, events, stop_);
}

BuildEnd BuilderRun::ended(BuildState state, const std::string& why) {
    log_.say(std::string(to_string(state)) + (why.empty() ? "" : ": " + why));
    log_.flush();
    return {state, why, false};
}

BuildEnd BuilderRun::not_built(const std::string& why) {
    log_.say("not built: " + why);
    log_.flush();
    return {BuildState::Broken, why, true};
}

}  // namespace heddle
