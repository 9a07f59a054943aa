// SPDX-License-Identifier: Apache-2.0
#include "app/build_service/embedded/git_fetcher.hpp"

#include <system_error>

#include "app/build_service/embedded/workspace.hpp"
#include "app/forges/git/disk_failure.hpp"

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

std::optional<FetchedTree> fetch_folder(const Mirrors& mirrors,
                                        const std::string& git_url,
                                        const std::string& commit,
                                        const std::string& subdir,
                                        const fs::path& directory,
                                        std::uint64_t max_bytes) {
    fs::path whole = directory;
    whole += ".whole";
    remove_tree(whole);  // of a try that failed
    CheckedOut checked_out = mirrors.check_out(git_url, commit, whole, max_bytes);
    const auto wanted = real_folder(whole, subdir);
    if (wanted) fs::rename(*wanted, directory);
    remove_tree(whole);
    if (!wanted) return std::nullopt;
    return FetchedTree{std::move(checked_out.submodules)};
}

}  // namespace

std::optional<FetchedTree> GitFetcher::fetch(const std::string& git_url,
                                             const std::string& commit,
                                             const std::string& subdir,
                                             const fs::path& directory,
                                             std::uint64_t max_bytes) {
    try {
        if (!mirrors_.has_commit(git_url, commit)) return std::nullopt;
        if (!subdir.empty()) return fetch_folder(mirrors_, git_url, commit, subdir, directory, max_bytes);
        return FetchedTree{mirrors_.check_out(git_url, commit, directory, max_bytes).submodules};
    } catch (const DiskFailure& failure) {
        throw std::system_error(failure.code, failure.what());
    }
}

}  // namespace heddle
