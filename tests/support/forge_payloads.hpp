// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace heddle::test {

enum class ForgeKind { Github, Gitlab, Gitea };

std::string to_string(ForgeKind kind);

/// What a delivery is about; each forge says it in its own words.
struct Happening {
    std::string what = "opened";  // opened updated reopened closed merged labeled unlabeled push tag_push
    std::string commit;
    std::int64_t number = 1;
    std::string head = "feature";
    std::string base = "main";  // of a push: the pushed branch
    std::string tag = "v1.0";
    std::string label = "bug";
    std::string title = "A change";
    std::string repository = "team/hello";
    std::int64_t repository_id = 77;
    std::string source_repository = "team/hello";
    std::int64_t source_repository_id = 77;
};

/// A webhook request of one forge, as its documentation describes it.
struct Delivery {
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
};

/// `web_url`: of the forge, without a '/' at the end. `secret`: of the token; `id`: of the delivery.
Delivery a_delivery(ForgeKind kind,
                    const Happening& happening,
                    const std::string& web_url,
                    const std::string& secret,
                    const std::string& id);

/// "sha256=" and the lower-case hex HMAC-SHA-256 of `body`.
std::string signature_of(const std::string& secret, const std::string& body);

}  // namespace heddle::test
