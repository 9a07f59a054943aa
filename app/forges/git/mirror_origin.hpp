// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>

#include "app/forges/git/conversation.hpp"
#include "app/forges/git/library.hpp"
#include "workflows/model/forge_access.hpp"

namespace heddle {

/// Where the commits of a mirror come from. The members throw as those of Mirrors do.
class MirrorOrigin {
public:
    virtual ~MirrorOrigin() = default;

    /// What the mirror is named after: the repository, and who reads it where not everybody may.
    virtual std::string identity() const = 0;
    /// The folder of a repository of this machine, which can be looked into without a mirror; null: it is
    /// somewhere else.
    virtual const std::filesystem::path* folder() const = 0;
    /// The commit that a name stands for now, see Mirrors::resolve(). A full id that the origin can't be
    /// asked about comes back as it is.
    virtual std::string resolve(const std::string& ref, const std::string& doing) const = 0;
    /// Writes the commit and all that it needs into the mirror.
    virtual void bring(const git_oid& commit, ::git_repository* mirror, const std::string& doing) const = 0;
};

/// A repository of this machine: one commit without its history is copied.
class LocalOrigin : public MirrorOrigin {
public:
    explicit LocalOrigin(std::filesystem::path path) : path_(std::move(path)) {}

    std::string identity() const override { return path_.string(); }
    const std::filesystem::path* folder() const override { return &path_; }
    std::string resolve(const std::string& ref, const std::string& doing) const override;
    void bring(const git_oid& commit, ::git_repository* mirror, const std::string& doing) const override;

private:
    std::filesystem::path path_;
};

/// A repository behind http, https or ssh. What is fetched stays in the mirror under refs/heddle/<commit>, so
/// that the next fetch brings only what is new. libgit2 1.5 knows no shallow fetch: the first one takes the
/// whole history of the branch.
class RemoteOrigin : public MirrorOrigin {
public:
    /// `reference`: see Mirrors::also_searching().
    RemoteOrigin(RemoteRepository repository, std::string reference);

    std::string identity() const override;
    const std::filesystem::path* folder() const override { return nullptr; }
    std::string resolve(const std::string& ref, const std::string& doing) const override;
    void bring(const git_oid& commit, ::git_repository* mirror, const std::string& doing) const override;

private:
    RemoteRepository repository_;
    std::string reference_;
};

/// In whose name `url` is asked when a forge is talked to with `forge`: the credential only goes to the
/// origin of its API; to the forge's pages, and to any other place behind http, we come as everybody. By ssh
/// nobody comes as everybody: what does not lie below the forge's address is refused. Throws GiveUp for that,
/// and for what is no plain URL of a repository.
ForgeAccess access_at(const std::string& url, const ForgeAccess& forge, const std::string& doing);

}  // namespace heddle
