// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <string_view>

#include "app/forges/git/local_repository.hpp"
#include "app/forges/git/references.hpp"
#include "app/forges/git/repository_access.hpp"
#include "workflows/model/wording.hpp"

namespace heddle {
namespace {

using Kind = NamedCommit::Kind;
using Choice = std::optional<std::string>;

constexpr const char* kWords =
    "opened, updated, reopened, closed, merged, labeled:LABEL, unlabeled:LABEL, push or tag_push:TAG";

/// One side of the event: a commit and the name that the forge would give its branch.
struct Side {
    std::string commit;
    std::string branch;
    bool is_branch = false;
};

/// The repository while it is asked for the parts of an event.
class Asked {
public:
    explicit Asked(const LocalRepository& local)
        : doing_(local.path.string()), bare_(local.bare), access_(local.path, doing_) {}

    Side head(const Choice& given) const { return given ? named_head(*given) : current_branch(); }

    Side base(const Choice& given) const {
        if (!given) return default_base();
        const auto found = find_somewhere(*given);
        if (!found || !is_branch(*found)) wrong("there is no branch " + heddle::quoted(*given) + " (--base)");
        return side_of(*found);
    }

    Side tag(const std::string& name) const {
        const auto found = find_reference(repository(), "refs/tags/" + name, doing_);
        if (!found) wrong("there is no tag " + heddle::quoted(name) + " (--event tag_push:TAG)");
        return {to_hex(found->commit_id), "", false};
    }

    std::string subject_of(const std::string& commit_id) const {
        git_oid id{};
        GitCommitHandle commit;
        if (!is_full_id(commit_id, id)) throw std::logic_error("no commit id: " + commit_id);
        check_git(make_handle(commit, git_commit_lookup, repository(), &id), doing_);
        const char* subject = git_commit_summary(commit.get());
        return subject ? one_line(subject) : "";
    }

    [[noreturn]] void wrong(const std::string& why) const { throw WrongUse(doing_ + ": " + why); }

private:
    ::git_repository* repository() const { return access_.get(); }

    static bool is_branch(const NamedCommit& found) {
        return found.kind == Kind::Branch || found.kind == Kind::RemoteBranch;
    }

    Side side_of(const NamedCommit& found) const {
        std::string name = found.name;
        if (found.kind == Kind::RemoteBranch) name = name.substr(name.find('/') + 1);
        if (one_line(name) != name) wrong("the name " + heddle::quoted(name) + " is not UTF-8");
        return {to_hex(found.commit_id), name, is_branch(found)};
    }

    /// Also what only the remote has: a fresh clone has no local branch but one.
    std::optional<NamedCommit> find_somewhere(const std::string& name) const {
        auto found = heddle::find_commit(repository(), name, doing_);
        return found ? found : find_reference(repository(), "refs/remotes/origin/" + name, doing_);
    }

    Side named_head(const std::string& name) const {
        const auto found = find_somewhere(name);
        if (!found) wrong("there is no branch, tag or commit " + heddle::quoted(name) + " (--head)");
        return side_of(*found);
    }

    Side current_branch() const {
        if (bare_) wrong("it is a bare repository: say which branch with --head");
        if (git_repository_head_detached(repository()) == 1)
            wrong("HEAD is detached: say which branch or commit with --head");
        GitReferenceHandle head;
        const int rc = make_handle(head, git_repository_head, repository());
        if (rc == GIT_EUNBORNBRANCH || rc == GIT_ENOTFOUND) wrong("there is no commit yet");
        check_git(rc, doing_);
        const auto found = find_reference(repository(), git_reference_name(head.get()), doing_);
        if (!found) wrong("there is no commit yet");
        return side_of(*found);
    }

    /// The branch that a symbolic reference names, without `folder`; empty: it names none there.
    std::string branch_behind(const char* reference, std::string_view folder) const {
        GitReferenceHandle found;
        if (make_handle(found, git_reference_lookup, repository(), reference) < 0) return {};
        const char* target = git_reference_symbolic_target(found.get());
        if (!target || !std::string_view(target).starts_with(folder)) return {};
        return target + folder.size();
    }

    std::string configured_default() const {
        GitConfigHandle config;
        if (make_handle(config, git_repository_config_snapshot, repository()) < 0) return {};
        const char* name = nullptr;
        return git_config_get_string(&name, config.get(), "init.defaultBranch") == 0 && name ? name : "";
    }

    Side default_base() const {
        const std::string of_bare = bare_ ? branch_behind("HEAD", "refs/heads/") : "";
        for (const std::string& name : {branch_behind("refs/remotes/origin/HEAD", "refs/remotes/origin/"),
                                        of_bare,
                                        configured_default(),
                                        std::string("main"),
                                        std::string("master")}) {
            if (name.empty()) continue;
            for (const std::string folder : {"refs/heads/", "refs/remotes/origin/"})
                if (const auto found = find_reference(repository(), folder + name, doing_))
                    return side_of(*found);
        }
        wrong(
            "its default branch can't be told (neither origin/HEAD nor main nor master): say which with "
            "--base");
    }

    std::string doing_;
    bool bare_;
    RepositoryAccess access_;
};

/// FNV-1a: the same on every machine and in every release.
std::int64_t stable_number(const std::string& text) {
    std::uint64_t hash = 14695981039346656037U;
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
    return static_cast<std::int64_t>(hash % 99'999) + 1;
}

void refuse_option(const Choice& given, const char* option, const char* event) {
    if (given) throw WrongUse(std::string(option) + " has no meaning with --event " + event);
}

ScmEvent blank_event(const LocalRepository& local, const LocalEvent& wanted) {
    ScmEvent event;
    event.forge = "local";
    event.event_class = wanted.event_class;
    event.kind = wanted.kind;
    event.action = wanted.kind ? to_string(*wanted.kind) : to_string(wanted.event_class);
    const auto slash = local.full_name.rfind('/');
    event.repository.full_name = local.full_name;
    event.repository.owner = local.full_name.substr(0, slash);
    event.repository.name = local.full_name.substr(slash + 1);
    event.repository.clone_url = local.url;
    event.repository.id = local.url;
    event.source = {local.full_name, "", local.url};
    event.target = {local.full_name, "", local.url};
    event.branch_request = BranchRequestForm::ByCloneUrl;
    return event;
}

void fill_pull_request(ScmEvent& event, const Asked& asked, const Choice& base, const Choice& head) {
    const Side from = asked.head(head);
    const Side to = asked.base(base);
    if (from.branch == to.branch)
        asked.wrong("head and base are both " + heddle::quoted(to.branch) +
                    ": switch to another branch, or say which with --head or --base");
    event.commit_sha = from.commit;
    event.source.branch = from.branch;
    event.target.branch = to.branch;
    event.target.clone_url += "#" + to.commit;
    event.number = stable_number(event.repository.id + '\0' + from.branch);
}

void fill_push(ScmEvent& event, const Asked& asked, const Choice& base, const Choice& head) {
    refuse_option(base, "--base", "push");
    const Side pushed = asked.head(head);
    if (!pushed.is_branch)
        asked.wrong(heddle::quoted(head.value_or("HEAD")) +
                    " is no branch, and --event push needs one (--head)");
    event.commit_sha = pushed.commit;
    event.source.branch = event.target.branch = pushed.branch;
    event.target.clone_url += "#" + pushed.commit;
}

void fill_tag_push(
    ScmEvent& event, const Asked& asked, const std::string& tag, const Choice& base, const Choice& head) {
    refuse_option(base, "--base", "tag_push");
    refuse_option(head, "--head", "tag_push");
    event.tag = tag;
    event.commit_sha = asked.tag(tag).commit;
    event.target.clone_url += "#" + event.commit_sha;
}

}  // namespace

LocalEvent parse_local_event(const std::string& word) {
    const auto colon = word.find(':');
    const std::string name = word.substr(0, colon);
    const std::string value = colon == std::string::npos ? "" : word.substr(colon + 1);
    const auto kind = pull_request_kind_from(name);
    const bool takes_value =
        name == "tag_push" || kind == PullRequestKind::Labeled || kind == PullRequestKind::Unlabeled;
    const bool known = kind || name == "push" || name == "tag_push";
    if (!known || (!takes_value && colon != std::string::npos))
        throw WrongUse("--event " + heddle::quoted(word) + " is not known: it is one of " + kWords);
    if (takes_value && value.empty())
        throw WrongUse("--event " + name + " needs a " + (kind ? "label" : "tag") + ": it is one of " +
                       kWords);
    if (one_line(value) != value)
        throw WrongUse("--event " + heddle::quoted(word) +
                       " has control characters, spaces at an end or no UTF-8");
    if (kind) return {EventClass::PullRequest, kind, value, ""};
    if (name == "push") return {EventClass::Push, std::nullopt, "", ""};
    return {EventClass::TagPush, std::nullopt, "", value};
}

ScmEvent make_local_event(const LocalRepository& repository,
                          const LocalEvent& wanted,
                          const Choice& base,
                          const Choice& head) {
    ScmEvent event = blank_event(repository, wanted);
    try {
        const Asked asked(repository);
        if (wanted.event_class == EventClass::PullRequest)
            fill_pull_request(event, asked, base, head);
        else if (wanted.event_class == EventClass::Push)
            fill_push(event, asked, base, head);
        else
            fill_tag_push(event, asked, wanted.tag, base, head);
        event.title = asked.subject_of(event.commit_sha);
    } catch (const RemoteError& error) {
        throw WrongUse(error.what());
    }
    event.label = wanted.label;
    if (wanted.kind == PullRequestKind::Labeled) event.labels = {wanted.label};
    return event;
}

}  // namespace heddle
