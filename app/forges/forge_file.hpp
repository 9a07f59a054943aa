// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "reporters/http_transport.hpp"
#include "workflows/model/scm_event.hpp"

namespace heddle {

/// What the three forges with an API have in common when they are asked for the configuration file.

inline constexpr std::size_t kMostConfigurationBytes = 128 * 1024;

/// Where the file is read from.
struct ConfigurationRef {
    enum class Kind { Branch, Tag, Commit };

    Kind kind = Kind::Branch;
    std::string name;
};

/// Of a pull request the branch it wants to be merged into, of a push the pushed branch, of a tag push the
/// tagged commit (reference, section 4). Throws std::logic_error for an event that has no configuration.
ConfigurationRef configuration_ref(const ScmEvent& event);

/// "read .obs/workflows.yml of owner/name at main", for RemoteError.
std::string reading_file(const ScmEvent& event, const std::string& path, const ConfigurationRef& ref);

/// A file as one forge's API is asked for it. The URLs are absolute and encoded.
struct FileQuestion {
    std::string file_url;
    std::string repository_url;  // answers 404 when there is no such repository, or none that we may see
    std::string ref_url;         // answers 404 when there is no such branch, tag or commit
    ConfigurationRef ref;
    HttpHeaders headers;
    std::string doing;
};

/// The forge's answer with the file. nullopt: repository and ref were asked for and are there, the file is
/// not. Throws RemoteError as require_success() does; GiveUp when repository or ref are not there.
std::optional<HttpResponse> ask_for_file(HttpTransport& transport,
                                         const ForgeAccess& access,
                                         const FileQuestion& question);

/// Throws GiveUp for a file of more than kMostConfigurationBytes.
void require_fitting(std::size_t bytes, const std::string& path, const std::string& doing);

/// "owner/name" as part of a URL. Throws GiveUp for a name that would be another path.
std::string repository_in_url(const ScmEvent& event, const std::string& separator, const std::string& doing);
/// The path of a file as segments of a URL. Throws GiveUp for "..", "." and empty segments.
std::string file_in_url(const std::string& path, const std::string& doing);

}  // namespace heddle
