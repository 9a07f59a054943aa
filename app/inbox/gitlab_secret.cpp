// SPDX-License-Identifier: Apache-2.0
#include "app/inbox/claimed_token.hpp"
#include "app/inbox/plain_secret.hpp"

namespace heddle {

// GitLab signs nothing: it sends what was entered as "secret token" (reference 1.2).
std::optional<std::string> plain_secret(const WebhookHeaders& headers) {
    return find_header(headers, "X-Gitlab-Token");
}

}  // namespace heddle
