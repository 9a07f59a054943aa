// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "reporters/commit_status.hpp"
#include "reporters/http_transport.hpp"

namespace heddle {

/// How much of a commit status a forge takes, in characters.
struct StatusLimits {
    std::size_t context = 255;
    std::size_t text = 255;
    std::size_t url = 255;
};

/// The status as the forge will show it: without paths of this machine, one line each, a long text cut, a
/// long context shortened so that different ones stay different, without a link that is too long or not
/// http(s). Pure.
CommitStatus fitted(const CommitStatus& status, const StatusLimits& limits);

/// The context alone, as fitted() makes it. Pure.
std::string fitted_context(const std::string& context, const StatusLimits& limits);

/// Is `shown` what a forge makes of `wanted`: state, text and link? Pure.
bool is_fitted(const CommitStatus& shown, const CommitStatus& wanted, const StatusLimits& limits);

/// The body of a request that sets it; the state in the forge's own word. Pure.
std::string status_json(const CommitStatus& fit, std::string_view state);

/// "report to src", for RemoteError.
std::string reporting_to(const ForgeAccess& access);
/// "read the statuses at src", for RemoteError.
std::string reading_from(const ForgeAccess& access);

/// Throws GiveUp when the token has no credential, or a locked one: without one no forge lets anybody write.
void require_credential(const ForgeAccess& access);

/// A repository's full name and a commit as parts of a URL's path. Throws GiveUp for what would be another
/// path ("..").
std::string repository_path(const std::string& full_name,
                            const std::string& separator,
                            const std::string& doing);
std::string commit_path(const std::string& commit_sha, const std::string& doing);

/// What a forge told about one status, by the names of the fields in its JSON. Values of other kinds are
/// empty.
struct ToldStatus {
    std::string state;
    std::string context;
    std::string text;
    std::string url;
    std::int64_t id = 0;
};

/// Names of the fields that differ between forges.
struct ToldFields {
    const char* state;
    const char* context;
};

/// The statuses of an answer: a JSON array, or the array "statuses" of an object. Throws RemoteError (Retry)
/// when it is neither: something in between answered.
std::vector<ToldStatus> told_statuses(const HttpResponse& response,
                                      const ToldFields& fields,
                                      const std::string& doing);

}  // namespace heddle
