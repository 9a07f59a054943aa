// SPDX-License-Identifier: Apache-2.0
#include "app/build_service/embedded/git_fetcher.hpp"

#include <system_error>

#include "app/build_service/embedded/workspace.hpp"
#include "app/forges/git/disk_failure.hpp"
#include "workflows/model/remote_error.hpp"
#include "workflows/model/wording.hpp"

namespace heddle {
namespace {

namespace fs = std::filesystem;

/// Goes down `subdir` by real folders only: a link in a stranger's tree leads anywhere.
std::optional<fs::path> real_folder(fs::path at, const fs::path& subdir) {
    for (const auto& part : subdir) {
        if (part.empty() || part == ".") continue;
        at /= part;
        std::error_code error;
        const auto found = fs::symlink_status(at, error);
        if (error && error != std::errc::no_such_file_or_directory && error != std::errc::filename_too_long)
            throw std::system_error(error, at.string());
        if (part == ".." || part.is_absolute() || !fs::is_directory(found)) return std::nullopt;
    }
    return at;
}

/// Mirrors that have the commit of a repository.
struct FoundCommit {
    Mirrors mirrors;
    std::string url;
};

FetchedTree check_out(const FoundCommit& found,
                      const WantedTree& wanted,
                      const fs::path& directory,
                      std::uint64_t max_bytes) {
    if (wanted.subdir.empty())
        return {found.mirrors.check_out(found.url, wanted.commit, directory, max_bytes).submodules, ""};
    fs::path whole = directory;
    whole += ".whole";
    remove_tree(whole);  // of a try that failed
    CheckedOut checked_out = found.mirrors.check_out(found.url, wanted.commit, whole, max_bytes);
    const auto folder = real_folder(whole, wanted.subdir);
    if (folder) fs::rename(*folder, directory);
    remove_tree(whole);
    if (!folder)
        throw RemoteError(RemoteError::Kind::GiveUp,
                          "look into commit " + wanted.commit,
                          "it has no folder " + heddle::quoted(wanted.subdir));
    return {std::move(checked_out.submodules), ""};
}

/// One search for a commit, from place to place.
class Search {
public:
    explicit Search(const std::string& commit) : commit_(commit) {}

    bool is_in(const Mirrors& mirrors, const std::string& url, bool own) {
        try {
            return mirrors.has_commit(url, commit_);
        } catch (const DiskFailure&) {
            throw;
        } catch (const RemoteError& error) {
            // A fork that is deleted or closed to us hasn't got it; one that does not answer may have it.
            const bool may_come = error.kind == RemoteError::Kind::Retry;
            if (may_come || (own && !trouble_)) trouble_ = error;
            return false;
        }
    }

    /// Why it is not sure that the commit is nowhere.
    const std::optional<RemoteError>& trouble() const { return trouble_; }

private:
    const std::string& commit_;
    std::optional<RemoteError> trouble_;
};

}  // namespace

std::optional<FetchedTree> GitFetcher::fetch(const WantedTree& wanted,
                                             const fs::path& directory,
                                             std::uint64_t max_bytes) {
    try {
        Search search(wanted.commit);
        if (search.is_in(mirrors_, wanted.git_url, true))
            return check_out({mirrors_, wanted.git_url}, wanted, directory, max_bytes);
        const auto places = others_ ? others_(wanted.run) : std::vector<CommitPlace>();
        for (const CommitPlace& place : places) {
            const Mirrors there = mirrors_.in_the_name_of(place.access).also_searching(place.reference);
            if (!search.is_in(there, place.url, false)) continue;
            FetchedTree tree = check_out({there, place.url}, wanted, directory, max_bytes);
            tree.found_in = place.url;
            return tree;
        }
        if (search.trouble()) throw *search.trouble();
        return std::nullopt;
    } catch (const DiskFailure& failure) {
        throw std::system_error(failure.code, failure.what());
    }
}

}  // namespace heddle
