// SPDX-License-Identifier: Apache-2.0
// The builds of a multibuild package, as its own file `_multibuild` names them:
// <multibuild><flavor>x</flavor><buildemptyflavor>false</buildemptyflavor></multibuild>, in older files
// <package> for <flavor> (BSXML.pm and BSVerify.pm of obs-server; buildemptyflavor is newer than 2.9).
#include <algorithm>
#include <string_view>

#include "app/build_service/obs/obs_build_service.hpp"
#include "workflows/model/names.hpp"

namespace heddle {
namespace {

const std::vector<std::string> kItselfOnly{""};

/// Empty: there is none. One that a source service made goes before the one that was committed.
std::string multibuild_file(pugi::xml_node directory) {
    std::string found;
    for (const pugi::xml_node entry : directory.children("entry")) {
        const std::string name = entry.attribute("name").as_string();
        const bool is_made = name.starts_with("_service:") && name.ends_with(":_multibuild");
        if (is_made || (name == "_multibuild" && found.empty())) found = name;
    }
    return found;
}

/// What OBS would not take names nothing.
std::vector<std::string> flavours_of(pugi::xml_node multibuild) {
    std::vector<std::string> names;
    for (const char* element : {"flavor", "package"})
        for (const pugi::xml_node node : multibuild.children(element)) names.emplace_back(node.child_value());
    const bool mixed = multibuild.child("flavor") && multibuild.child("package");
    if (mixed || !std::all_of(names.begin(), names.end(), is_package_name)) return kItselfOnly;
    if (std::string_view(multibuild.child_value("buildemptyflavor")) != "false") names.emplace_back();
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    return names;
}

}  // namespace

std::vector<std::string> ObsBuildService::find_flavours(const PackageRef& package, const std::string& doing) {
    const auto listing = client_.ask(
        "GET", obs_target({"source", package.project, package.package}, {{"expand", "1"}}), "", doing);
    // A link that leads nowhere, or services that have not ended: the build service does not know either.
    if (listing.status == 400 || listing.status == 404) return kItselfOnly;
    ObsClient::require_success(listing, doing);
    const pugi::xml_node directory = listing.document.document_element();
    const std::string name = multibuild_file(directory);
    if (name.empty()) return kItselfOnly;
    const auto file = client_.find_file(obs_target({"source", package.project, package.package, name},
                                                   {{"rev", directory.attribute("srcmd5").as_string()}}),
                                        doing);
    pugi::xml_document document;
    if (!file || !document.load_string(file->c_str())) return kItselfOnly;
    return flavours_of(document.child("multibuild"));
}

}  // namespace heddle
