// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <optional>
#include <pugixml.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "reporters/http_transport.hpp"

namespace heddle {

/// Where an Open Build Service is, and who asks it.
struct ObsAccess {
    std::string api_url;  // without a '/' at the end
    std::string user;     // empty: no login, for a backend
    std::string password;
    bool private_network = false;
    /// What is told when the login is refused: whose it is, and how to mend it.
    std::string if_refused{"the build service refuses the login of build_service.user"};
    /// Why this login goes nowhere: it is told in place of every request. Empty: nothing stands against it.
    std::string why_unused{};
};

using ObsQuery = std::vector<std::pair<std::string, std::string>>;

/// "/source/home%3Aann/hello?user=ann": every segment and value percent-encoded. Values may be empty.
std::string obs_target(std::initializer_list<std::string_view> segments, const ObsQuery& query = {});

/// An XML document as text, without declaration.
std::string xml_text(const pugi::xml_document& document);

/// Requests to an Open Build Service and what its answers mean. The login goes to the origin of `api_url` and
/// nowhere else. Thread-safe.
///
/// Every call throws RemoteError: Retry where no answer came in time, where what answered is no OBS (a
/// proxy's page, half a document), on 408, 409, 429 and 5xx; BadCredentials on 401, and without asking where
/// the login goes nowhere; GiveUp on every other refusal, with the reason in OBS's own words and its error
/// word. `doing` is what was attempted ("branch demo/hello").
class ObsClient {
public:
    /// `transport` must outlive it.
    ObsClient(HttpTransport& transport, ObsAccess access);

    /// nullopt: 404, in OBS's own words; a proxy's 404 is none.
    std::optional<pugi::xml_document> find(const std::string& target, const std::string& doing);
    pugi::xml_document get(const std::string& target, const std::string& doing);
    pugi::xml_document put(const std::string& target, const std::string& body, const std::string& doing);
    pugi::xml_document put_file(const std::string& target, const std::string& body, const std::string& doing);
    pugi::xml_document post(const std::string& target, const std::string& doing);

    /// The content of a file; nullopt as above.
    std::optional<std::string> find_file(const std::string& target, const std::string& doing);

    /// For who has to look at refusals: the answer as it is, once it is sure that an OBS gave it.
    struct Answer {
        int status = 0;
        std::string word;     // "unknown_project"; of a backend the number
        std::string summary;  // one sentence in one line; empty: it gave none
        pugi::xml_document document;

        bool ok() const { return status >= 200 && status < 300; }
    };
    Answer ask(const std::string& method,
               const std::string& target,
               const std::string& body,
               const std::string& doing);
    /// Throws what the refusal means; does nothing for a success.
    static void require_success(const Answer& answer, const std::string& doing);

private:
    HttpResponse exchange(const std::string& method,
                          const std::string& target,
                          const std::string& body,
                          const std::string& type,
                          const std::string& doing);

    HttpTransport& transport_;
    ForgeAccess access_;
    std::string authorization_;  // of the header; empty: none
    std::string if_refused_;
    std::string why_unused_;
};

}  // namespace heddle
