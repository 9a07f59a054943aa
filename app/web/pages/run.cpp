// SPDX-License-Identifier: Apache-2.0
#include "app/postgres/run_evidence_store.hpp"
#include "app/postgres/run_story.hpp"
#include "app/web/page.hpp"
#include "app/web/page_transaction.hpp"
#include "app/web/pages/pages.hpp"
#include "app/web/run_id.hpp"
#include "app/web/story_values.hpp"

namespace heddle {
namespace {

constexpr int kMostBuilds = 200;
constexpr int kMostDeliveries = 20;
constexpr int kMostPastAttempts = 10;

/// nullopt: there is no such run, or the visitor may not see it.
std::optional<ShownRun> read_run(pqxx::transaction_base& tx,
                                 const WebParts& parts,
                                 const Visitor& visitor,
                                 const ServerRequest& request) {
    const std::optional<std::int64_t> id = visible_run(tx, parts.server, visitor, request);
    std::optional<RunStory> story = id ? read_run_story(tx, *id) : std::nullopt;
    if (!story) return std::nullopt;
    ShownRun shown{std::move(*story),
                   deliveries_of_run(tx, *id, kMostDeliveries),
                   newest_builds_for_run(tx, *id, kMostBuilds),
                   {},
                   forge_web_url(tx, *id)};
    for (int attempt = shown.story.run.attempt - 1; attempt >= 1; --attempt) {
        if (shown.past_attempts.size() == kMostPastAttempts) break;
        std::vector<StoredStep> steps = steps_of_run(tx, *id, attempt);
        if (!steps.empty()) shown.past_attempts.push_back(std::move(steps));
    }
    return shown;
}

}  // namespace

ServerResponse show_run(const WebParts& parts, const ServerRequest& request) {
    Visitor visitor;
    std::optional<ShownRun> shown;
    in_page_transaction(parts, [&](pqxx::work& tx) {
        visitor = find_visitor(tx, request);
        shown = read_run(tx, parts, visitor, request);
    });
    if (!shown) return not_found(parts, visitor);
    return page(parts, visitor, "run", title_of(shown->story.run), story_values(*shown));
}

ServerResponse show_configuration(const WebParts& parts, const ServerRequest& request) {
    Visitor visitor;
    std::optional<WorkflowRun> run;
    in_page_transaction(parts, [&](pqxx::work& tx) {
        visitor = find_visitor(tx, request);
        const std::optional<std::int64_t> id = visible_run(tx, parts.server, visitor, request);
        if (id) run = find_run(tx, *id);
    });
    if (!run || !run->configuration) return not_found(parts, visitor);
    return plain_text(std::move(*run->configuration));
}

ServerResponse show_build_log(const WebParts& parts, const ServerRequest& request) {
    Visitor visitor;
    std::optional<BuildOfRun> build;
    in_page_transaction(parts, [&](pqxx::work& tx) {
        visitor = find_visitor(tx, request);
        const std::optional<std::int64_t> id = visible_run(tx, parts.server, visitor, request);
        const std::optional<std::int64_t> build_id = read_id(request.segments.at(3));
        if (id && build_id) build = find_build_for_run(tx, *id, *build_id);
    });
    if (!build) return not_found(parts, visitor);
    std::string log;
    int position = 0;
    for (std::string part = parts.read_log(build->id, position); !part.empty();
         part = parts.read_log(build->id, position))
        log += part;
    if (log.empty()) log = "[heddle] no log: the build is " + build->state + "\n";
    return plain_text(std::move(log));
}

}  // namespace heddle
