// SPDX-License-Identifier: Apache-2.0
#include "app/build_service/embedded/revision_store.hpp"

#include <algorithm>

#include "app/build_service/embedded/digest.hpp"
#include "app/postgres/pool.hpp"

namespace heddle {
namespace {

constexpr int kLongestLinkChain = 32;

StoredRevision read_revision(const pqxx::row& row) {
    StoredRevision revision;
    revision.id = row["id"].as<std::int64_t>();
    revision.rev = row["rev"].as<int>();
    revision.srcmd5 = row["srcmd5"].as<std::string>();
    revision.git_url = nullable<std::string>(row["git_url"]).value_or("");
    revision.git_commit = nullable<std::string>(row["git_commit"]).value_or("");
    revision.comment = row["comment"].as<std::string>();
    revision.run = row["run"].as<std::string>();
    revision.login = row["login"].as<std::string>();
    revision.created_at = row["created_at"].as<std::string>();
    return revision;
}

std::optional<StoredRevision> first_revision(const pqxx::result& rows) {
    if (rows.empty()) return std::nullopt;
    return read_revision(rows.front());
}

int next_rev(pqxx::transaction_base& tx, const PackageRef& ref) {
    static const std::string kNextRev = R"sql(
        INSERT INTO bs_revision_counters (project, package, rev) VALUES ($1, $2, 1)
        ON CONFLICT (project, package) DO UPDATE SET rev = bs_revision_counters.rev + 1
        RETURNING rev)sql";
    return tx.exec_params1(kNextRev, ref.project, ref.package)[0].as<int>();
}

void insert_files(pqxx::transaction_base& tx, std::int64_t revision_id, const std::vector<FileEntry>& files) {
    static const std::string kInsertFile =
        "INSERT INTO bs_files (revision_id, name, digest, executable) VALUES ($1, $2, $3, $4)";
    for (const FileEntry& file : files)
        tx.exec_params0(
            kInsertFile, revision_id, file.name, pqxx::binarystring(file.digest), file.executable);
}

std::optional<std::string> or_null(const std::string& text) {
    return text.empty() ? std::nullopt : std::optional<std::string>(text);
}

}  // namespace

std::string srcmd5_of(const Sources& sources, const std::optional<PackageRef>& link) {
    std::string text;
    if (!sources.git_url.empty()) text += "git " + sources.git_url + " " + sources.git_commit + "\n";
    if (link) text += "link " + to_string(*link) + "\n";
    std::vector<FileEntry> files = sources.files;
    std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    for (const FileEntry& file : files)
        text += to_hex(file.digest) + (file.executable ? " x " : " - ") + file.name + "\n";
    return md5_hex(text);
}

std::string put_blob(pqxx::transaction_base& tx, const std::string& content) {
    static const std::string kPutBlob =
        "INSERT INTO bs_blobs (digest, content) VALUES ($1, $2) ON CONFLICT (digest) DO NOTHING";
    const std::string digest = sha256(content);
    tx.exec_params0(kPutBlob, pqxx::binarystring(digest), pqxx::binarystring(content));
    return digest;
}

StoredRevision insert_revision(pqxx::transaction_base& tx,
                               const StoredPackage& package,
                               const Sources& sources,
                               const Authorship& authorship) {
    static const std::string kInsertRevision = R"sql(
        INSERT INTO bs_revisions (package_id, rev, srcmd5, git_url, git_commit, comment, run, login)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        RETURNING id, rev, srcmd5, git_url, git_commit, comment, run, login, created_at)sql";
    const StoredRevision revision = read_revision(tx.exec_params1(kInsertRevision,
                                                                  package.id,
                                                                  next_rev(tx, package.ref),
                                                                  srcmd5_of(sources, package.link),
                                                                  or_null(sources.git_url),
                                                                  or_null(sources.git_commit),
                                                                  authorship.comment,
                                                                  authorship.run,
                                                                  authorship.login));
    insert_files(tx, revision.id, sources.files);
    return revision;
}

std::optional<StoredRevision> latest_revision(pqxx::transaction_base& tx, std::int64_t package_id) {
    static const std::string kLatest = R"sql(
        SELECT id, rev, srcmd5, git_url, git_commit, comment, run, login, created_at
        FROM bs_revisions WHERE package_id = $1 ORDER BY rev DESC LIMIT 1)sql";
    return first_revision(tx.exec_params(kLatest, package_id));
}

std::optional<StoredRevision> find_revision(pqxx::transaction_base& tx, std::int64_t package_id, int rev) {
    static const std::string kRevision = R"sql(
        SELECT id, rev, srcmd5, git_url, git_commit, comment, run, login, created_at
        FROM bs_revisions WHERE package_id = $1 AND rev = $2)sql";
    return first_revision(tx.exec_params(kRevision, package_id, rev));
}

std::optional<StoredRevision> find_revision_of_run(pqxx::transaction_base& tx,
                                                   std::int64_t package_id,
                                                   const std::string& run) {
    static const std::string kOfRun = R"sql(
        SELECT id, rev, srcmd5, git_url, git_commit, comment, run, login, created_at
        FROM bs_revisions WHERE package_id = $1 AND run = $2 AND run <> '' ORDER BY rev DESC LIMIT 1)sql";
    return first_revision(tx.exec_params(kOfRun, package_id, run));
}

std::vector<StoredRevision> revisions_of(pqxx::transaction_base& tx, std::int64_t package_id, int limit) {
    static const std::string kRevisions = R"sql(
        SELECT id, rev, srcmd5, git_url, git_commit, comment, run, login, created_at
        FROM bs_revisions WHERE package_id = $1 ORDER BY rev DESC LIMIT $2)sql";
    std::vector<StoredRevision> revisions;
    for (const auto& row : tx.exec_params(kRevisions, package_id, limit))
        revisions.push_back(read_revision(row));
    return revisions;
}

std::vector<FileEntry> files_of(pqxx::transaction_base& tx, std::int64_t revision_id) {
    static const std::string kFiles =
        "SELECT name, digest, executable FROM bs_files WHERE revision_id = $1 ORDER BY name COLLATE \"C\"";
    std::vector<FileEntry> files;
    for (const auto& row : tx.exec_params(kFiles, revision_id))
        files.push_back({row[0].as<std::string>(), pqxx::binarystring(row[1]).str(), row[2].as<bool>()});
    return files;
}

Sources sources_of(pqxx::transaction_base& tx, const StoredRevision& revision) {
    return {revision.git_url, revision.git_commit, files_of(tx, revision.id)};
}

std::vector<SourceFile> file_contents_of(pqxx::transaction_base& tx, std::int64_t revision_id) {
    static const std::string kContents = R"sql(
        SELECT f.name, b.content, f.executable FROM bs_files f JOIN bs_blobs b USING (digest)
        WHERE f.revision_id = $1 ORDER BY f.name COLLATE "C")sql";
    std::vector<SourceFile> files;
    for (const auto& row : tx.exec_params(kContents, revision_id))
        files.push_back({row[0].as<std::string>(), pqxx::binarystring(row[1]).str(), row[2].as<bool>()});
    return files;
}

BuiltRevision built_revision(pqxx::transaction_base& tx, const StoredPackage& package) {
    StoredPackage at = package;
    for (int hops = 0; at.link; ++hops) {
        if (hops == kLongestLinkChain)
            return {std::nullopt, "the link to " + to_string(*package.link) + " runs in a circle"};
        const PackageRef source = *at.link;
        const auto next = find_package(tx, source);
        if (!next) return {std::nullopt, "the linked package " + to_string(source) + " does not exist"};
        at = *next;
    }
    const auto revision = latest_revision(tx, at.id);
    if (!revision) return {std::nullopt, to_string(at.ref) + " has no sources"};
    return {revision->id, ""};
}

}  // namespace heddle
