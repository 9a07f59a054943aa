// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>

#include "reporters/http_transport.hpp"
#include "workflows/ports/config_source.hpp"

namespace heddle {

/// The configuration file that a token names by a URL: a plain download, whatever repository, branch and path
/// the event has (reference, section 4). The URL has an origin of its own and never sees a credential; its
/// address may be private only where it is the forge's own, and that may.
class UrlSource : public ConfigSource {
public:
    UrlSource(HttpTransport& transport, std::string url) : transport_(transport), url_(std::move(url)) {}

    /// nullopt: there is no such file (404, 410).
    std::optional<std::string> read(const ScmEvent& event,
                                    const std::string& path,
                                    const ForgeAccess& access) override;

private:
    HttpTransport& transport_;
    std::string url_;
};

}  // namespace heddle
