// SPDX-License-Identifier: Apache-2.0
#include "app/compose_doctor_accounts.hpp"

#include <netdb.h>

#include <chrono>
#include <deque>
#include <set>

#include "app/compose_doctor_ssh.hpp"
#include "app/config/forge_kinds.hpp"
#include "app/config/ssh_url.hpp"
#include "app/config/url.hpp"
#include "workflows/model/wording.hpp"

namespace heddle {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kPatience{2};

Finding good(std::string about, std::string text) { return {std::move(about), true, std::move(text)}; }
Finding bad(std::string about, std::string text) { return {std::move(about), false, std::move(text)}; }
Finding note(std::string about, std::string text) { return {std::move(about), true, std::move(text), true}; }

std::string numbers_of(const std::vector<ListedToken>& tokens, bool (*fits)(const ListedToken&)) {
    std::vector<std::string> numbers;
    for (const ListedToken& token : tokens)
        if (fits(token)) numbers.push_back(std::to_string(token.id));
    return in_words(numbers);
}

bool is_locked(const ListedToken& token) { return token.credential == ListedToken::Credential::Locked; }

// Plain repositories take no credential.
bool lacks_credential(const ListedToken& token) {
    const ForgeKind* kind = find_forge_kind(token.forge_kind);
    return kind && kind->has_web && token.enabled && token.credential == ListedToken::Credential::None;
}

bool sends_secret(const ListedToken& token) {
    const ForgeKind* kind = find_forge_kind(token.forge_kind);
    return kind && kind->sends_secret && token.enabled;
}

Finding examine_public_url(const Config& config, const std::vector<ListedToken>& tokens) {
    const std::string& url = config.server.public_url;
    const std::string senders = numbers_of(tokens, sends_secret);
    if (!senders.empty() && !url.starts_with("https://"))
        return note("public_url",
                    (url.empty() ? "is not set" : url + " is not https") +
                        std::string(", and webhooks of token ") + senders +
                        " carry their secret itself: let them come by https");
    if (url.empty()) return note("public_url", "is not set: statuses carry no link to what happened");
    return good("public_url", url);
}

/// Without brackets; empty: it has none.
std::string host_of(const std::string& api_url) {
    if (const auto ssh = parse_ssh_url(api_url)) return ssh->host;
    const auto url = parse_web_url(api_url);
    if (!url) return {};
    return url->host.starts_with('[') ? url->host.substr(1, url->host.size() - 2) : url->host;
}

/// Names that are being looked up. The resolver works on its own; what is not there in time is cancelled.
class LookUps {
public:
    ~LookUps() {
        for (gaicb& request : requests_) {
            // A look-up that can't be cancelled any more is waited for: the resolver writes into it.
            if (::gai_cancel(&request) == EAI_NOTCANCELED) wait(&request, nullptr);
            if (request.ar_result) ::freeaddrinfo(request.ar_result);
        }
    }
    void start(const std::string& host) {
        hosts_.push_back(host);
        gaicb& request = requests_.emplace_back();
        request.ar_name = hosts_.back().c_str();
        gaicb* list[] = {&request};
        failed_to_start_.push_back(::getaddrinfo_a(GAI_NOWAIT, list, 1, nullptr) != 0);
    }
    /// Those that were not found until then.
    std::vector<std::string> missing(Clock::time_point until) {
        std::vector<std::string> names;
        for (std::size_t at = 0; at < requests_.size(); ++at)
            if (failed_to_start_[at] || !found(requests_[at], until)) names.push_back(hosts_[at]);
        return names;
    }

private:
    static void wait(gaicb* request, const timespec* patience) {
        const gaicb* list[] = {request};
        while (::gai_error(request) == EAI_INPROGRESS && ::gai_suspend(list, 1, patience) == EAI_INTR) {
        }
    }
    static bool found(gaicb& request, Clock::time_point until) {
        const auto left = std::max(Clock::duration::zero(), until - Clock::now());
        const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(left);
        const timespec patience{seconds.count(),
                                std::chrono::duration_cast<std::chrono::nanoseconds>(left - seconds).count()};
        wait(&request, &patience);
        return ::gai_error(&request) == 0;
    }

    std::deque<std::string> hosts_;  // a deque: the resolver holds pointers into both
    std::deque<gaicb> requests_;
    std::vector<bool> failed_to_start_;
};

}  // namespace

std::vector<Finding> examine_tokens(const Config& config, const std::vector<ListedToken>& tokens) {
    std::vector<Finding> findings{examine_public_url(config, tokens)};
    const std::string locked = numbers_of(tokens, is_locked);
    const std::string lacking = numbers_of(tokens, lacks_credential);
    if (!locked.empty())
        findings.push_back(
            bad("credentials",
                "that of token " + locked +
                    " is locked, since its forge has moved: `heddle token confirm ID` lets it go there"));
    if (!lacking.empty())
        findings.push_back(note(
            "credentials", "token " + lacking + " has none: it reads public files, and reports nothing"));
    if (locked.empty() && lacking.empty())
        findings.push_back(good("credentials", "nothing is locked or missing"));
    return findings;
}

Finding examine_forges(const std::vector<Forge>& forges) {
    LookUps look_ups;
    std::set<std::string> hosts;
    for (const Forge& forge : forges) {
        const std::string host = host_of(forge.settings.api_url);
        if (!host.empty() && forge.tokens > 0 && hosts.insert(host).second) look_ups.start(host);
    }
    const auto missing = look_ups.missing(Clock::now() + kPatience);
    if (!missing.empty())
        return bad("forges",
                   in_words(missing) + " can't be found: mind api_url, or the resolver of this machine");
    return good("forges",
                hosts.empty() ? "no token needs one that is reached by name" : "all are found by name");
}

std::vector<Finding> examine_accounts(const Config& config, pqxx::connection& connection) {
    std::vector<ListedToken> tokens;
    std::vector<Forge> forges;
    {
        pqxx::work tx(connection);
        tokens = list_tokens(tx);
        forges = list_forges(tx);
    }
    std::vector<Finding> findings = examine_tokens(config, tokens);
    findings.push_back(examine_forges(forges));
    for (Finding& finding : examine_ssh(forges, tokens)) findings.push_back(std::move(finding));
    return findings;
}

}  // namespace heddle
