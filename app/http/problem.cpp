// SPDX-License-Identifier: Apache-2.0
#include "app/http/problem.hpp"

#include <nlohmann/json.hpp>

#include "app/http/answer_bytes.hpp"
#include "workflows/model/wording.hpp"

namespace heddle {

ServerResponse problem(int status, const std::string& detail) {
    const nlohmann::json document{{"type", "about:blank"},
                                  {"title", reason_phrase(status)},
                                  {"status", status},
                                  {"detail", one_line(detail)}};
    ServerResponse response;
    response.status = status;
    response.content_type = "application/problem+json";
    response.body = document.dump() + "\n";
    return response;
}

}  // namespace heddle
