// SPDX-License-Identifier: Apache-2.0
#include "app/postgres/storable_text.hpp"
#include "app/web/page.hpp"
#include "app/web/page_transaction.hpp"
#include "app/web/pages/pages.hpp"
#include "app/web/run_id.hpp"
#include "app/web/shown_text.hpp"
#include "workflows/model/wording.hpp"

namespace heddle {
namespace {

constexpr int kLinesPerPage = 30;
constexpr std::size_t kLongestTitle = 100;

Values line_values(const RunLine& line) {
    return Values()
        .number("id", line.id)
        .state("state", to_string(line.status))
        .text("repository", line.event.repository.full_name)
        .text("what", in_words(line.event))
        .text("subject", shown_text(line.event.title, kLongestTitle))
        .text("commit", line.event.commit_sha.substr(0, 7))
        .text("created", line.created_at)
        .text("message", shown_text(without_local_paths(line.message), 2 * kLongestTitle));
}

/// "?status=fail&before=12": the same list, from another run on.
std::string query_of(const RunLineFilter& filter) {
    std::string query;
    const auto add = [&](const std::string& name, const std::string& value) {
        query += (query.empty() ? "?" : "&") + name + "=" + url_part(value);
    };
    if (filter.status) add("status", std::string(to_string(*filter.status)));
    if (!filter.repository.empty()) add("repository", filter.repository);
    if (filter.before) add("before", std::to_string(*filter.before));
    return query;
}

Values::List status_options(const RunLineFilter& filter) {
    Values::List options;
    for (const RunStatus status :
         {RunStatus::Queued, RunStatus::Running, RunStatus::Success, RunStatus::Fail, RunStatus::Cancelled})
        options.push_back(Values().text("word", to_string(status)).flag("chosen", filter.status == status));
    return options;
}

/// nullopt: the query asks for something that there is not.
std::optional<RunLineFilter> read_filter(const ServerRequest& request) {
    RunLineFilter filter;
    filter.limit = kLinesPerPage + 1;  // one more tells whether there is a next page
    filter.repository = storable_text(request.parameter("repository").value_or(""));
    const std::string status = request.parameter("status").value_or("");
    if (!status.empty()) {
        filter.status = run_status_from(status);
        if (!filter.status) return std::nullopt;
    }
    const std::string before = request.parameter("before").value_or("");
    if (!before.empty()) {
        filter.before = read_id(before);
        if (!filter.before) return std::nullopt;
    }
    return filter;
}

Values list_values(const RunLineFilter& filter, std::vector<RunLine> lines) {
    const bool has_more = lines.size() > kLinesPerPage;
    if (has_more) lines.resize(kLinesPerPage);
    Values::List items;
    for (const RunLine& line : lines) items.push_back(line_values(line));
    RunLineFilter newest = filter;
    newest.before.reset();
    RunLineFilter older = filter;
    if (has_more) older.before = lines.back().id;
    // "?" is the address of the unfiltered list; an empty text would be false.
    const std::string first = query_of(newest);
    return Values()
        .list("statuses", status_options(filter))
        .text("repository_given", filter.repository)
        .flag("any", !lines.empty())
        .flag("filtered", filter.status || !filter.repository.empty() || filter.before)
        .list("runs", std::move(items))
        .text("newest",
              !filter.before  ? ""
              : first.empty() ? "?"
                              : first)
        .text("older", has_more ? query_of(older) : "");
}

}  // namespace

ServerResponse show_runs(const WebParts& parts, const ServerRequest& request) {
    const std::optional<RunLineFilter> filter = read_filter(request);
    Visitor visitor;
    std::vector<RunLine> lines;
    in_page_transaction(parts, [&](pqxx::work& tx) {
        visitor = find_visitor(tx, request);
        if (filter) lines = list_visible_runs(tx, visitor.viewer(parts.server), *filter);
    });
    if (!visitor.user && !parts.server.public_status)
        return request.path == "/" ? see_other(parts, "/signin") : not_found(parts, visitor);
    if (!filter) return not_found(parts, visitor);
    return page(parts, visitor, "runs", "Runs", list_values(*filter, std::move(lines)));
}

}  // namespace heddle
