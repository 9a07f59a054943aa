// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "workflows/model/forge_access.hpp"
#include "workflows/model/scm_event.hpp"

namespace heddle {

/// May a folder of this machine be read because the configuration says so: the forge's api_url is a path or
/// a file:// URL, and the folder, links followed, lies below it? A payload alone never opens one (design,
/// section 10).
bool may_read_locally(const ForgeAccess& access, const std::filesystem::path& folder);

/// Where a forge of plain repositories keeps the repository of an event, fit for Mirrors: event's clone URL
/// where it has one, else api_url and full name joined. Throws RemoteError GiveUp for what does not lie below
/// the forge's api_url, which must not be empty.
std::string place_of(const EventRepository& repository, const ForgeAccess& access, const std::string& doing);

/// Throws GiveUp unless `url`, one of ssh, lies below the forge's api_url for the same user. Nothing else is
/// reached by ssh (design, section 10).
void require_below_ssh_forge(const std::string& url, const ForgeAccess& access, const std::string& doing);

}  // namespace heddle
