// SPDX-License-Identifier: Apache-2.0
#include "app/build_service/embedded/project_link_store.hpp"
#include "app/build_service/embedded/service_verbs.hpp"

namespace heddle {

void link_project(const ServiceCall& call, const std::string& source, const std::string& target) {
    const StoredProject project = writable_project(call, target);
    readable_project(call, source);
    if (reaches_by_links(call.tx, source, target)) refuse(call, "the links would run in a circle");
    add_project_link(call.tx, project.id, source);
}

bool unlink_project(const ServiceCall& call, const std::string& source, const std::string& target) {
    if (!find_project(call.tx, target)) return false;
    return remove_project_link(call.tx, writable_project(call, target).id, source);
}

}  // namespace heddle
