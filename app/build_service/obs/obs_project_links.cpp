// SPDX-License-Identifier: Apache-2.0
// Links between projects: elements of the linking project's meta.
#include <deque>
#include <set>

#include "app/build_service/obs/obs_build_service.hpp"
#include "app/build_service/obs/obs_meta.hpp"
#include "workflows/model/remote_error.hpp"

namespace heddle {

void ObsBuildService::link_project(const std::string& source, const std::string& target) {
    const std::string doing = "link project " + target + " to " + source;
    Meta meta = writable_project(target, doing);
    const auto linked = find_project(source, doing);
    if (!linked) throw RemoteError(RemoteError::Kind::GiveUp, doing, "project " + source + " does not exist");
    if (is_hidden(linked->document_element(), {})) require_grant(source, doing);
    refuse_circle(source, target, doing);
    if (add_project_link(meta.document_element(), source)) put_project(target, meta, doing);
}

bool ObsBuildService::unlink_project(const std::string& source, const std::string& target) {
    const std::string doing = "unlink project " + target + " from " + source;
    require_grant(target, doing);
    const auto meta = find_project(target, doing);
    if (!meta) return false;
    require_unlocked(target, *meta, doing);
    if (!remove_project_link(meta->document_element(), source)) return false;
    put_project(target, *meta, doing);
    return true;
}

// A backend takes links in a circle, and every later look at the project runs round in it.
void ObsBuildService::refuse_circle(const std::string& source,
                                    const std::string& target,
                                    const std::string& doing) {
    std::set<std::string> seen;
    std::deque<std::string> waiting{source};
    while (!waiting.empty()) {
        const std::string name = std::move(waiting.front());
        waiting.pop_front();
        if (name == target)
            throw RemoteError(RemoteError::Kind::GiveUp, doing, "the links would run in a circle");
        if (!seen.insert(name).second) continue;
        const auto meta = find_project(name, doing);
        if (!meta) continue;
        for (const pugi::xml_node link : meta->document_element().children("link"))
            waiting.emplace_back(link.attribute("project").as_string());
    }
}

}  // namespace heddle
