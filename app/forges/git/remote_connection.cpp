// SPDX-License-Identifier: Apache-2.0
#include "app/forges/git/remote_connection.hpp"

#include <utility>

namespace heddle {
namespace {

/// `repository` may be null. Its configuration is not asked for other URLs (url.insteadOf): nobody writes any
/// there, and libgit2 1.5 leaks 20 kB at each of its keys when it looks.
GitRemoteHandle make_remote(::git_repository* repository, const std::string& url, const std::string& doing) {
    git_remote_create_options options;
    git_remote_create_options_init(&options, GIT_REMOTE_CREATE_OPTIONS_VERSION);
    options.repository = repository;
    options.flags = GIT_REMOTE_CREATE_SKIP_INSTEADOF | GIT_REMOTE_CREATE_SKIP_DEFAULT_FETCHSPEC;
    GitRemoteHandle remote;
    check_git(make_handle(remote, git_remote_create_with_opts, url.c_str(), &options), doing);
    return remote;
}

}  // namespace

RemoteConnection::RemoteConnection(std::unique_ptr<GitConversation> conversation,
                                   ::git_repository* repository,
                                   const std::string& url,
                                   const std::string& doing)
    : conversation_(std::move(conversation)), remote_(make_remote(repository, url, doing)) {
    const git_remote_callbacks callbacks = conversation_->callbacks();
    git_error_clear();
    conversation_->check(
        git_remote_connect(remote_.get(), GIT_DIRECTION_FETCH, &callbacks, nullptr, nullptr));
}

std::vector<Advertised> RemoteConnection::references() {
    const git_remote_head** heads = nullptr;
    std::size_t count = 0;
    git_error_clear();
    conversation_->check(git_remote_ls(&heads, &count, remote_.get()));
    std::vector<Advertised> references;
    for (std::size_t i = 0; i < count; ++i) references.push_back({heads[i]->name, heads[i]->oid});
    return references;
}

bool RemoteConnection::fetch(std::vector<std::string> specs) {
    std::vector<char*> texts;
    for (std::string& spec : specs) texts.push_back(spec.data());
    const git_strarray refspecs{texts.data(), texts.size()};
    git_fetch_options options;
    git_fetch_options_init(&options, GIT_FETCH_OPTIONS_VERSION);
    options.callbacks = conversation_->callbacks();
    options.download_tags = GIT_REMOTE_DOWNLOAD_TAGS_NONE;
    options.update_fetchhead = 0;
    git_error_clear();
    const int rc = git_remote_fetch(remote_.get(), &refspecs, &options, nullptr);
    if (rc < 0 && conversation_->failed()) conversation_->check(rc);
    return rc >= 0;
}

bool push(GitConversation& conversation,
          ::git_repository* repository,
          const std::string& url,
          std::string spec,
          const std::string& doing) {
    const GitRemoteHandle remote = make_remote(repository, url, doing);
    char* text = spec.data();
    const git_strarray specs{&text, 1};
    git_push_options options;
    git_push_options_init(&options, GIT_PUSH_OPTIONS_VERSION);
    options.callbacks = conversation.callbacks();
    git_error_clear();
    const int rc = git_remote_push(remote.get(), &specs, &options);
    // libgit2 compares before it sends, the server when it writes.
    if (rc == GIT_ENONFASTFORWARD || !conversation.refusal().empty()) return false;
    conversation.check(rc);
    return true;
}

}  // namespace heddle
