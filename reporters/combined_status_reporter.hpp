// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "reporters/forge_status.hpp"
#include "reporters/http_transport.hpp"
#include "reporters/reporter.hpp"

namespace heddle {

/// In what forges differ that take a status at …/repos/OWNER/NAME/statuses/COMMIT and show the latest of each
/// context at …/commits/COMMIT/status.
struct CombinedStatusDialect {
    StatusLimits limits;
    ToldFields fields;
    std::string size_parameter;       // of the query: how many statuses a page shall have
    int page_size = 50;               // the most that the forge gives
    int most_pages = 20;              // what stands behind them is not looked for
    bool short_page_is_last = false;  // false: pages may be smaller than asked for, an empty one is the last
    std::function<HttpHeaders(const ForgeAccess&)> headers;
    std::function<bool(const std::string& a, const std::string& b)> same_context;
};

/// Shows commit statuses on such a forge. As thread-safe as the transport, which must outlive it.
class CombinedStatusReporter : public Reporter {
public:
    CombinedStatusReporter(HttpTransport& transport, CombinedStatusDialect dialect)
        : transport_(transport), dialect_(std::move(dialect)) {}

    void report(const CommitStatus& status, const ForgeAccess& access) override;
    std::optional<CommitStatus> shown(const CommitStatus& status, const ForgeAccess& access) override;
    bool shows(const CommitStatus& shown, const CommitStatus& wanted) const override;

private:
    HttpTransport& transport_;
    const CombinedStatusDialect dialect_;
};

}  // namespace heddle
