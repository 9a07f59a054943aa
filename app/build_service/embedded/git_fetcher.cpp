// SPDX-License-Identifier: Apache-2.0
#include "app/build_service/embedded/git_fetcher.hpp"

#include "app/build_service/embedded/workspace.hpp"

namespace heddle {
namespace {

namespace fs = std::filesystem;

/// Goes down `subdir` by real folders only: a link in a stranger's tree leads anywhere.
std::optional<fs::path> real_folder(fs::path at, const fs::path& subdir) {
    for (const auto& part : subdir) {
        if (part.empty() || part == ".") continue;
        at /= part;
        if (part == ".." || part.is_absolute() || !fs::is_directory(fs::symlink_status(at)))
            return std::nullopt;
    }
    return at;
}

}  // namespace

std::optional<FetchedTree> GitFetcher::fetch(const std::string& git_url,
                                             const std::string& commit,
                                             const std::string& subdir,
                                             const fs::path& directory,
                                             std::uint64_t max_bytes) {
    if (!mirrors_.has_commit(git_url, commit)) return std::nullopt;
    if (subdir.empty())
        return FetchedTree{mirrors_.check_out(git_url, commit, directory, max_bytes).submodules};
    fs::path whole = directory;
    whole += ".whole";
    CheckedOut checked_out = mirrors_.check_out(git_url, commit, whole, max_bytes);
    const auto wanted = real_folder(whole, subdir);
    if (wanted) fs::rename(*wanted, directory);
    remove_tree(whole);
    if (!wanted) return std::nullopt;
    return FetchedTree{std::move(checked_out.submodules)};
}

}  // namespace heddle
