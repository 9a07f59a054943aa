// SPDX-License-Identifier: Apache-2.0
#include "app/forges/git/conversation.hpp"

#include <git2/errors.h>

#include "app/config/ssh_url.hpp"
#include "app/forges/git/http_conversation.hpp"
#include "app/forges/git/ssh_conversation.hpp"

namespace heddle {
namespace {

int make_transport_of(git_transport** out, git_remote* owner, void* conversation) {
    return static_cast<GitConversation*>(conversation)->make_transport(out, owner);
}

/// Called for each reference that was pushed; without words it was taken.
int hear_of_reference(const char*, const char* words, void* conversation) {
    if (words) static_cast<GitConversation*>(conversation)->remember_refusal(words);
    return 0;
}

}  // namespace

GitConversation::GitConversation(std::string doing) : doing_(std::move(doing)) { use_git_library(); }

git_remote_callbacks GitConversation::callbacks() {
    git_remote_callbacks callbacks;
    git_remote_init_callbacks(&callbacks, GIT_REMOTE_CALLBACKS_VERSION);
    callbacks.transport = make_transport_of;
    callbacks.push_update_reference = hear_of_reference;
    callbacks.payload = this;
    return callbacks;
}

void GitConversation::check(int rc) const {
    if (rc >= 0) return;
    if (failure_) std::rethrow_exception(failure_);
    check_git(rc, doing_);
}

int GitConversation::remember_failure() noexcept {
    failure_ = std::current_exception();
    git_error_set_str(GIT_ERROR_NET, "the conversation failed");
    return -1;
}

std::unique_ptr<GitConversation> converse(const RemoteRepository& repository, const std::string& doing) {
    if (const auto place = parse_ssh_url(repository.url))
        return std::make_unique<GitSshConversation>(repository.access, *place, repository.limits, doing);
    return std::make_unique<GitHttpConversation>(
        *repository.client, repository.access, repository.url, repository.folder, repository.limits, doing);
}

}  // namespace heddle
