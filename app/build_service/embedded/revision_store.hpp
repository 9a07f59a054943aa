// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <pqxx/pqxx>
#include <string>
#include <vector>

#include "app/build_service/embedded/build_store.hpp"
#include "app/build_service/embedded/package_store.hpp"

namespace heddle {

/// A file of a revision; its content is a blob that revisions share.
struct FileEntry {
    std::string name;
    std::string digest;  // SHA-256, raw
    bool executable = false;
};

/// The sources of one revision: a commit, or files, or (with a link) the source package's and perhaps own
/// files that lie over them.
struct Sources {
    std::string git_url;     // with query, without fragment; empty: not from git
    std::string git_commit;  // full hash
    std::vector<FileEntry> files;
};

struct StoredRevision {
    std::int64_t id = 0;
    int rev = 0;
    std::string srcmd5;
    std::string git_url;
    std::string git_commit;
    std::string comment;
    std::string run;
    std::string login;
    std::string created_at;  // for people

    SourceRevision ref() const { return {std::to_string(rev), srcmd5}; }
};

/// Who makes a revision, and why.
struct Authorship {
    std::string comment;
    std::string run;  // marks it; empty: no run
    std::string login;
};

/// What names these sources: equal sources have equal digests.
std::string srcmd5_of(const Sources& sources, const std::optional<PackageRef>& link);

/// Stores content once; returns its digest.
std::string put_blob(pqxx::transaction_base& tx, const std::string& content);

/// The next revision of a package. Its number is greater than every earlier one of that name.
StoredRevision insert_revision(pqxx::transaction_base& tx,
                               const StoredPackage& package,
                               const Sources& sources,
                               const Authorship& authorship);

std::optional<StoredRevision> latest_revision(pqxx::transaction_base& tx, std::int64_t package_id);
std::optional<StoredRevision> find_revision(pqxx::transaction_base& tx, std::int64_t package_id, int rev);
/// The newest one that carries the mark of `run`.
std::optional<StoredRevision> find_revision_of_run(pqxx::transaction_base& tx,
                                                   std::int64_t package_id,
                                                   const std::string& run);
/// Newest first.
std::vector<StoredRevision> revisions_of(pqxx::transaction_base& tx, std::int64_t package_id, int limit);

/// Sources of a revision, files by name.
Sources sources_of(pqxx::transaction_base& tx, const StoredRevision& revision);
std::vector<FileEntry> files_of(pqxx::transaction_base& tx, std::int64_t revision_id);
std::vector<SourceFile> file_contents_of(pqxx::transaction_base& tx, std::int64_t revision_id);

/// The revision whose sources a package builds: its own, or for a link the one at the end of the chain.
struct BuiltRevision {
    std::optional<std::int64_t> id;
    std::string problem;  // why there is none, in one sentence
};
BuiltRevision built_revision(pqxx::transaction_base& tx, const StoredPackage& package);

}  // namespace heddle
