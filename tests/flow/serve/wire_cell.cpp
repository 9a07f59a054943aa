// SPDX-License-Identifier: Apache-2.0
#include "tests/flow/serve/wire_cell.hpp"

#include <algorithm>
#include <sstream>
#include <stdexcept>

#include "app/build_service/embedded/schedule.hpp"
#include "tests/flow/serve/wire_matrix_table.hpp"

namespace heddle::test {
namespace {

const std::string kBranch = "stable";  // what pull requests go to and pushes push to
const std::string kTag = "v1.0";
const std::string kLabel = "ci";

std::string replaced(std::string text, const std::string& what, const std::string& by) {
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
        text.replace(at, what.size(), by);
    return text;
}

bool is_push(const Cell& cell) { return cell.event == "push" || cell.event == "tag_push"; }

bool is_of_settings(const Cell& cell) {
    return cell.step == "configure_repositories" || cell.step == "set_flags";
}

std::string fork_of(const Cell& cell) { return "contributor/" + cell.step + "-" + cell.event; }

std::string file_with(const std::string& step, const Cell& cell) {
    static const std::map<std::string, std::string> kInstructions{
        {"branch_package", "{source_project: BASE, source_package: hello, target_project: BASE}"},
        {"link_package", "{source_project: BASE, source_package: hello, target_project: BASE}"},
        {"configure_repositories",
         "{project: BASE, repositories: [{name: extra, paths: [{target_project: local, "
         "target_repository: local}], architectures: [ARCH]}]}"},
        {"rebuild_package", "{project: BASE, package: hello}"},
        {"trigger_services", "{project: BASE, package: hello}"},
        {"set_flags", "{flags: [{type: publish, status: disable, project: BASE}]}"},
        {"link_project", "{source_project: BASE.linked, target_project: BASE}"}};
    const std::string text = "main:\n  steps:\n    - " + step + ": " + kInstructions.at(step) + "\n";
    return replaced(replaced(text, "BASE", cell.base()), "ARCH", host_architecture());
}

const WireRow& row_of(const Cell& cell) {
    for (const WireRow& row : kWire)
        if (row.step == cell.step &&
            std::find(row.events.begin(), row.events.end(), cell.event) != row.events.end())
            return row;
    throw std::logic_error("no row for " + cell.name());
}

}  // namespace

std::string Cell::name() const { return to_string(forge) + "." + step + "." + event; }

std::string Cell::target() const {
    return forge == ForgeKind::Gitlab ? std::to_string(1000 + number) : repository();
}

std::string Cell::home() const {
    if (forge != ForgeKind::Gitlab) return target();
    return std::to_string(happening(event, "").source_repository_id);
}

std::string Cell::ref(const Commits& commits) const {
    if (event != "tag_push") return kBranch;
    return forge == ForgeKind::Gitea ? kTag : commits.now;
}

Happening Cell::happening(const std::string& what, const std::string& commit) const {
    Happening it;
    it.what = what;
    it.commit = commit;
    it.number = number;
    it.base = kBranch;
    it.tag = kTag;
    it.label = kLabel;
    it.repository = repository();
    it.repository_id = 1000 + number;
    it.source_repository = is_push(*this) ? repository() : fork_of(*this);
    it.source_repository_id = it.repository_id + (is_push(*this) ? 0 : 1000);
    return it;
}

Words Cell::past() const {
    const bool begins = event == "opened" || event == "labeled";
    if (is_push(*this) || (begins && !is_of_settings(*this))) return {};
    if (event == "reopened" && !is_of_settings(*this)) return {"opened", "closed"};
    return {"opened"};
}

std::string Cell::past_file() const {
    const bool links = step == "link_package" || step == "link_project";
    return file_with(links ? step : "branch_package", *this);
}

std::string Cell::file() const {
    std::string text = file_with(step, *this);
    // Labels start only what asks for them.
    if (event == "labeled" || event == "unlabeled")
        text += "  filters:\n    labels:\n      only: [" + kLabel + "]\n";
    return text;
}

std::vector<Cell> all_cells() {
    std::vector<Cell> cells;
    for (const ForgeKind forge : {ForgeKind::Github, ForgeKind::Gitlab, ForgeKind::Gitea})
        for (const std::string step : {"branch_package",
                                       "link_package",
                                       "configure_repositories",
                                       "rebuild_package",
                                       "trigger_services",
                                       "set_flags",
                                       "link_project"})
            for (const std::string event : {"opened",
                                            "updated",
                                            "reopened",
                                            "closed",
                                            "merged",
                                            "labeled",
                                            "unlabeled",
                                            "push",
                                            "tag_push"})
                cells.push_back({forge, step, event, static_cast<int>(cells.size()) + 1});
    return cells;
}

std::map<Place, Words> expected_statuses(const Cell& cell, const Commits& commits) {
    std::map<Place, Words> expected;
    for (const std::string& line : row_of(cell).statuses) {
        std::istringstream words(replaced(replaced(line, ":", ""), "NOW", commits.now));
        std::string commit, what;
        words >> commit >> what;
        std::string context = "OBS SCM/CI Workflow Integration started";
        if (what != "started") {
            const auto at = what.find('@');
            context = "OBS: " + (at == std::string::npos ? "hello" : what.substr(0, at)) + " - " +
                      what.substr(at + 1) + "/" + host_architecture();  // npos + 1 is 0
        }
        Words& states = expected[{cell.home(), commit == "now" ? commits.now : commits.past, context}];
        for (std::string state; words >> state;)
            states.push_back(state == "failure" && cell.forge == ForgeKind::Gitlab ? "failed" : state);
    }
    return expected;
}

bool is_life(const Words& said, const Words& life) {
    if (said.empty() || said.back() != life.back()) return false;
    auto next = life.begin();
    for (const std::string& state : said) {
        next = std::find(next, life.end(), state);
        if (next == life.end()) return false;
        ++next;
    }
    return true;
}

}  // namespace heddle::test
