// SPDX-License-Identifier: Apache-2.0
#include "app/forges/git/ssh_conversation.hpp"

#include <algorithm>
#include <utility>

#include "app/net/address_guard.hpp"

namespace heddle {
namespace {

using Kind = RemoteError::Kind;

constexpr std::chrono::seconds kConnecting{15};  // to one address
constexpr std::chrono::seconds kParting{5};      // hooks of the server may follow its last word

struct SshStream : git_smart_subtransport_stream {};

struct SshTransport : git_smart_subtransport {
    GitSshConversation* conversation = nullptr;
    SshStream* stream = nullptr;  // libgit2's, which frees it
};

GitSshConversation& conversation_of(git_smart_subtransport_stream* stream) {
    return *static_cast<SshTransport*>(stream->subtransport)->conversation;
}

int read_answer_of(git_smart_subtransport_stream* stream, char* to, std::size_t size, std::size_t* got) {
    GitSshConversation& conversation = conversation_of(stream);
    try {
        *got = conversation.read(to, size);
        return 0;
    } catch (...) {
        return conversation.remember_failure();
    }
}

int write_request_of(git_smart_subtransport_stream* stream, const char* bytes, std::size_t size) {
    GitSshConversation& conversation = conversation_of(stream);
    try {
        conversation.write({bytes, size});
        return 0;
    } catch (...) {
        return conversation.remember_failure();
    }
}

void free_stream(git_smart_subtransport_stream* stream) {
    static_cast<SshTransport*>(stream->subtransport)->stream = nullptr;
    delete static_cast<SshStream*>(stream);
}

/// The first question makes the connection, and the others are asked on it.
int begin_exchange(git_smart_subtransport_stream** out,
                   git_smart_subtransport* base,
                   const char*,
                   git_smart_service_t service) {
    auto* transport = static_cast<SshTransport*>(base);
    const bool first = service == GIT_SERVICE_UPLOADPACK_LS || service == GIT_SERVICE_RECEIVEPACK_LS;
    *out = transport->stream;
    if (!first) return transport->stream ? 0 : -1;
    try {
        transport->conversation->begin(service == GIT_SERVICE_UPLOADPACK_LS ? "git-upload-pack"
                                                                            : "git-receive-pack");
        auto stream = std::make_unique<SshStream>();
        stream->subtransport = transport;
        stream->read = read_answer_of;
        stream->write = write_request_of;
        stream->free = free_stream;
        *out = transport->stream = stream.release();
        return 0;
    } catch (...) {
        return transport->conversation->remember_failure();
    }
}

int end_exchanges(git_smart_subtransport* transport) {
    static_cast<SshTransport*>(transport)->conversation->end();
    return 0;
}

void free_transport(git_smart_subtransport* transport) { delete static_cast<SshTransport*>(transport); }

int make_ssh_transport(git_smart_subtransport** out, git_transport*, void* conversation) {
    auto transport = std::make_unique<SshTransport>();
    transport->action = begin_exchange;
    transport->close = end_exchanges;
    transport->free = free_transport;
    transport->conversation = static_cast<GitSshConversation*>(conversation);
    *out = transport.release();
    return 0;
}

}  // namespace

GitSshConversation::GitSshConversation(ForgeAccess access,
                                       SshUrl place,
                                       const ConversationLimits& limits,
                                       std::string doing)
    : GitConversation(std::move(doing)),
      access_(std::move(access)),
      place_(std::move(place)),
      until_(std::chrono::steady_clock::now() + limits.deadline),
      most_bytes_(limits.most_bytes) {
    // A payload may leave the user out, it can't name another.
    if (const auto forge = parse_ssh_url(access_.api_url)) place_.user = forge->user;
}

int GitSshConversation::make_transport(git_transport** out, git_remote* owner) {
    git_smart_subtransport_definition definition{make_ssh_transport, 0, this};
    return git_transport_smart(out, owner, &definition);
}

void GitSshConversation::begin(const std::string& program) {
    ssh_.reset();
    taken_ = 0;
    if (access_.known_hosts.empty() || place_.user.empty())
        throw RemoteError(Kind::GiveUp, doing(), "known_hosts or the user is not set for its forge");
    if (access_.credential.empty())
        throw RemoteError(
            Kind::BadCredentials,
            doing(),
            access_.locked_token == 0 ? "ssh needs a token with a private key" : why_no_credential(access_));
    const SecretFile key(access_.credential, doing());
    const auto addresses =
        resolve_checked(place_.host, place_.port, access_.private_network, {}, until_, doing());
    SshCall call{place_, "", key.path(), access_.known_hosts, program, kConnecting};
    for (std::size_t at = 0;; ++at) {
        call.address = addresses[at].text();
        ssh_ = std::make_unique<ChildProgram>(ssh_command(call), until_, doing());
        if (ssh_->await_words()) return;
        const auto exit_code = ssh_->finish(kParting);
        if (at + 1 == addresses.size() || !is_unreached(exit_code, ssh_->complaints()))
            throw ssh_failure(exit_code, ssh_->complaints(), call, doing());
    }
}

std::size_t GitSshConversation::read(char* to, std::size_t size) {
    if (!ssh_) return 0;
    const std::size_t got = ssh_->read(to, size);
    taken_ += got;
    if (taken_ > most_bytes_)
        throw RemoteError(
            Kind::GiveUp, doing(), "the answer has more than " + std::to_string(most_bytes_) + " bytes");
    if (got > 0) return got;
    // What the far program ends with is told by the protocol, a broken connection is not.
    const auto exit_code = ssh_->finish(kParting);
    if (!exit_code || *exit_code == 255) throw RemoteError(Kind::Retry, doing(), "the connection broke");
    return 0;
}

void GitSshConversation::write(std::string_view bytes) {
    if (ssh_) ssh_->write(bytes);
}

void GitSshConversation::end() noexcept {
    try {
        if (ssh_ && !failed()) ssh_->finish(kParting);
    } catch (...) {
        // The conversation is over; what is left of the program ends with the object.
    }
    ssh_.reset();
}

}  // namespace heddle
