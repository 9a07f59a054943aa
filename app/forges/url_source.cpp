// SPDX-License-Identifier: Apache-2.0
#include "app/forges/url_source.hpp"

#include "app/forges/forge_file.hpp"
#include "app/net/url.hpp"
#include "reporters/http_answer.hpp"
#include "workflows/model/remote_error.hpp"

namespace heddle {

std::optional<std::string> UrlSource::read(const ScmEvent&, const std::string&, const ForgeAccess& access) {
    const auto url = parse_url(url_);
    // The URL's path or query may be a secret of its owner: only the origin is told.
    const std::string doing =
        "read the configuration of the token's URL" + (url ? " at " + url->origin() : "");
    if (!url) throw RemoteError(RemoteError::Kind::GiveUp, doing, "it is no plain http or https URL");
    ForgeAccess anonymous;
    anonymous.name = "the token's URL";
    anonymous.api_url = url->origin();
    const auto api = parse_url(access.api_url);
    const auto web = parse_url(access.web_url);
    const bool is_forge = (api && same_origin(*url, *api)) || (web && same_origin(*url, *web));
    anonymous.private_network = access.private_network && is_forge;
    const HttpResponse answer = transport_.send(anonymous, {"GET", url_, {}, ""});
    if (answer.status == 404 || answer.status == 410) return std::nullopt;
    require_success(answer, anonymous, doing);
    require_fitting(answer.body.size(), "the file", doing);
    return answer.body;
}

}  // namespace heddle
