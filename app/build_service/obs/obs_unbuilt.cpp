// SPDX-License-Identifier: Apache-2.0
// What is listed as not built is what the scheduler last saw, perhaps the sources before these: it looks at
// new ones when it comes to them, which takes minutes at a large Open Build Service.
#include <algorithm>

#include "app/build_service/obs/obs_build_service.hpp"
#include "app/build_service/obs/obs_meta.hpp"

namespace heddle {
namespace {

/// A package that is excluded as a whole (`_pattern`, say) is refused with that very word, which a source
/// server passes on as "remote error: excluded" (BuildInfo.pm of obs-server).
bool says_excluded(const std::string& refusal) {
    return refusal == "excluded" || refusal.ends_with(": excluded");
}

}  // namespace

std::optional<SourceRevision> ObsBuildService::unbuilt_revision(const std::string& project,
                                                                pugi::xml_node project_meta,
                                                                const ListedResult& listed,
                                                                const std::string& doing) {
    const BuildResult& result = listed.result;
    if (result.state == BuildState::Disabled) {
        // That is no matter of sources.
        const auto meta = find_package_by_links({project, own_package(listed)}, doing);
        if (!meta) return SourceRevision{};
        const auto promised = promised_builds(project_meta, meta->document_element());
        const bool is_on = std::any_of(promised.begin(), promised.end(), [&](const BuildResult& build) {
            return build.repository == result.repository && build.architecture == result.architecture;
        });
        return is_on ? std::nullopt : std::optional(SourceRevision{});
    }
    // This is worked out when it is asked for, from the sources as they are.
    const auto answer = client_.ask(
        "GET",
        obs_target({"build", project, result.repository, result.architecture, listed.package, "_buildinfo"}),
        "",
        doing);
    if (!answer.ok()) {
        // So it is where the sources can't be put together: what is listed otherwise is about older ones.
        const bool is_true = result.state == BuildState::Broken ||
                             (result.state == BuildState::Excluded && says_excluded(answer.summary));
        return is_true ? std::optional(SourceRevision{}) : std::nullopt;
    }
    const pugi::xml_node info = answer.document.document_element();
    if (!info.child("error")) return std::nullopt;
    return SourceRevision{info.child_value("rev"), info.child_value("srcmd5")};
}

}  // namespace heddle
