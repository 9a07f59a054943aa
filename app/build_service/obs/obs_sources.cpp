// SPDX-License-Identifier: Apache-2.0
// Sources and their history; what makes OBS build.
#include <string_view>

#include "app/build_service/obs/obs_build_service.hpp"
#include "workflows/model/remote_error.hpp"
#include "workflows/model/run_mark.hpp"
#include "workflows/model/wording.hpp"

namespace heddle {
namespace {

/// So many of the newest entries of a history are looked through for a run's mark.
constexpr const char* kLookedBack = "200";
constexpr const char* kFetchesLookedBack = "5";
constexpr const char* kWishesLookedBack = "20";

[[noreturn]] void give_up(const std::string& doing, const std::string& why) {
    throw RemoteError(RemoteError::Kind::GiveUp, doing, why);
}

std::string source_target(const PackageRef& package, const ObsQuery& query = {}) {
    return obs_target({"source", package.project, package.package}, query);
}

std::string history_target(const PackageRef& package, const char* limit) {
    return obs_target({"source", package.project, package.package, "_history"}, {{"limit", limit}});
}

/// Lines of "key: value".
bool names_commit(const std::string& obsinfo, const std::string& commit) {
    return ("\n" + obsinfo + "\n").find("\ncommit: " + commit + "\n") != std::string::npos;
}

/// The mark stands at the end, whatever a person may have written in front of it.
std::string marked(const std::string& comment, const std::string& run) {
    return comment + (comment.empty() ? "[" : " [") + run + "]";
}

bool carries_mark(pugi::xml_node revision, const std::string& run) {
    return std::string_view(revision.child_value("comment")).ends_with("[" + run + "]");
}

bool carries_any_mark(pugi::xml_node revision) {
    const std::string comment = revision.child_value("comment");
    const auto mark = comment.rfind('[');
    return comment.ends_with("]") && mark != std::string::npos &&
           run_of_mark(comment.substr(mark + 1, comment.size() - mark - 2));
}

}  // namespace

std::optional<SourceRevision> ObsBuildService::find_revision(const PackageRef& package,
                                                             const std::string& rev,
                                                             const std::string& doing) {
    ObsQuery query{{"view", "info"}};
    if (!rev.empty()) query.emplace_back("rev", rev);
    const auto info = client_.find(source_target(package, query), doing);
    if (!info) return std::nullopt;
    const pugi::xml_node root = info->document_element();
    const SourceRevision revision{root.attribute("rev").as_string(), root.attribute("srcmd5").as_string()};
    return revision.rev.empty() ? std::nullopt : std::optional(revision);
}

SourceRevision ObsBuildService::revision_of(const pugi::xml_document& answer,
                                            const PackageRef& package,
                                            const std::string& doing) {
    const pugi::xml_node root = answer.document_element();
    const SourceRevision told{root.attribute("rev").as_string(), root.child_value("srcmd5")};
    if (told.rev.empty())
        throw RemoteError(RemoteError::Kind::Retry, doing, "the build service did not name the revision");
    // The digest in the answer is that of the files alone; builds are named by what they expand to.
    return find_revision(package, told.rev, doing).value_or(told);
}

bool ObsBuildService::is_latest_of_run(const PackageRef& package,
                                       const std::string& run,
                                       const std::string& doing) {
    const auto history = client_.find(history_target(package, "1"), doing);
    return history && carries_mark(history->document_element().last_child(), run);
}

SourceRevision ObsBuildService::write_file(const PackageRef& package,
                                           const std::string& name,
                                           const std::string& content,
                                           const std::string& run) {
    const std::string doing = "write " + heddle::quoted(name) + " into " + to_string(package);
    if (name.empty() || name.front() == '.' || name.find('/') != std::string::npos)
        give_up(doing, heddle::quoted(name) + " is no name of a file there");
    writable_package(package, doing);
    if (is_latest_of_run(package, run, doing)) {
        const std::string file = obs_target({"source", package.project, package.package, name});
        const auto latest = find_revision(package, "", doing);
        if (latest && client_.find_file(file, doing) == content) return *latest;
    }
    const auto answer = client_.put_file(obs_target({"source", package.project, package.package, name},
                                                    telling(marked("wrote " + one_line(name), run))),
                                         content,
                                         doing);
    return revision_of(answer, package, doing);
}

std::optional<SourceRevision> ObsBuildService::revision_of_run(const PackageRef& package,
                                                               const std::string& run) {
    const std::string doing = "look for what was made in " + to_string(package);
    const auto made = marked_revision(package, run, doing);
    return made ? made : synced_revision(package, run, doing);
}

std::optional<SourceRevision> ObsBuildService::marked_revision(const PackageRef& package,
                                                               const std::string& run,
                                                               const std::string& doing) {
    const auto history = client_.find(history_target(package, kLookedBack), doing);
    if (!history) return std::nullopt;
    for (pugi::xml_node entry = history->document_element().last_child(); entry;
         entry = entry.previous_sibling()) {
        if (!carries_mark(entry, run)) continue;
        const SourceRevision told{entry.attribute("rev").as_string(), entry.child_value("srcmd5")};
        return find_revision(package, told.rev, doing).value_or(told);
    }
    return std::nullopt;
}

/// OBS's bridge to git leaves no mark of ours in the history; which commit it fetched stands in a file of its
/// own. Whose wish that commit was stands in the history of the meta.
std::optional<SourceRevision> ObsBuildService::synced_revision(const PackageRef& package,
                                                               const std::string& run,
                                                               const std::string& doing) {
    const auto meta = find_package(package, doing);
    const std::string url = meta ? meta->document_element().child_value("scmsync") : "";
    if (url.empty() || !is_wish_of_run(package, run, url, doing)) return std::nullopt;
    return fetched_revision(package, url, doing);
}

std::optional<SourceRevision> ObsBuildService::fetched_revision(const PackageRef& package,
                                                                const std::string& url,
                                                                const std::string& doing) {
    const auto hash = url.find('#');
    if (hash == std::string::npos) return std::nullopt;
    const auto history = client_.find(history_target(package, kFetchesLookedBack), doing);
    if (!history) return std::nullopt;
    const std::string commit = url.substr(hash + 1);
    for (pugi::xml_node entry = history->document_element().last_child(); entry;
         entry = entry.previous_sibling()) {
        const std::string rev = entry.attribute("rev").as_string();
        const auto info = client_.find_file(
            obs_target({"source", package.project, package.package, "_scmsync.obsinfo"}, {{"rev", rev}}),
            doing);
        if (info && names_commit(*info, commit)) return find_revision(package, rev, doing);
    }
    return std::nullopt;
}

/// What others write into the meta bears no mark of a run.
bool ObsBuildService::is_wish_of_run(const PackageRef& package,
                                     const std::string& run,
                                     const std::string& url,
                                     const std::string& doing) {
    const auto wishes = client_.find(obs_target({"source", package.project, package.package, "_history"},
                                                {{"meta", "1"}, {"limit", kWishesLookedBack}}),
                                     doing);
    if (!wishes) return false;
    pugi::xml_node wish = wishes->document_element().last_child();
    while (wish && !carries_any_mark(wish)) wish = wish.previous_sibling();
    if (!wish || !carries_mark(wish, run)) return false;
    if (!wish.next_sibling()) return true;
    // Who wrote since may have named another commit.
    const auto meta = client_.find(obs_target({"source", package.project, package.package, "_meta"},
                                              {{"rev", wish.attribute("rev").as_string()}, {"meta", "1"}}),
                                   doing);
    return meta && meta->document_element().child_value("scmsync") == url;
}

SourceRevision ObsBuildService::rebuild_package(const PackageRef& package, const std::string&) {
    const std::string doing = "rebuild " + to_string(package);
    require_rebuildable(package, doing);
    const auto revision = find_revision(package, "", doing);
    client_.post(obs_target({"build", package.project}, {{"cmd", "rebuild"}, {"package", package.package}}),
                 doing);
    return revision.value_or(SourceRevision{});
}

ServiceRun ObsBuildService::run_services(const PackageRef& package, const ServiceTrigger& trigger) {
    const std::string doing = "run the services of " + to_string(package);
    writable_package(package, doing);
    ServiceRun done;
    if (!marked_revision(package, trigger.run, doing)) {
        ObsQuery query{{"cmd", "runservice"}};
        for (auto& pair : telling(marked(trigger.comment, trigger.run))) query.push_back(std::move(pair));
        client_.post(source_target(package, query), doing);
    }
    wait_for_services(package, doing);
    const auto made = marked_revision(package, trigger.run, doing);
    done.changed = made.has_value();
    done.revision = made ? *made : find_revision(package, "", doing).value_or(SourceRevision{});
    return done;
}

}  // namespace heddle
