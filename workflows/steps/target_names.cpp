// SPDX-License-Identifier: Apache-2.0
#include "workflows/steps/target_names.hpp"

#include <algorithm>

#include "workflows/model/names.hpp"
#include "workflows/model/remote_error.hpp"
#include "workflows/model/wording.hpp"

namespace heddle {
namespace {

std::string origin_of_suffix(const ScmEvent& event) {
    switch (event.event_class) {
        case EventClass::PullRequest: return "the repository " + heddle::quoted(event.repository.full_name);
        case EventClass::TagPush: return "the tag " + heddle::quoted(event.tag);
        case EventClass::Push:
        case EventClass::Ping:
        case EventClass::Other: break;
    }
    return "the commit " + heddle::quoted(event.commit_sha);
}

void require(NameKind kind, const std::string& name, const ScmEvent& event) {
    const auto reason = why_refused(kind, name);
    if (!reason) return;
    throw RemoteError(RemoteError::Kind::GiveUp,
                      "name the target",
                      *reason + " (" + origin_of_suffix(event) + " is part of it)");
}

}  // namespace

std::string target_project(const std::string& base, const ScmEvent& event) {
    if (event.event_class != EventClass::PullRequest) return base;
    std::string repository = event.repository.full_name;
    std::replace(repository.begin(), repository.end(), '/', ':');
    return base + ":" + repository + ":PR-" + std::to_string(event.number.value());
}

std::string target_package(const std::string& name, const ScmEvent& event) {
    if (event.event_class == EventClass::Push) return name + "-" + event.commit_sha;
    if (event.event_class == EventClass::TagPush) return name + "-" + event.tag;
    return name;
}

PackageRef target_of(const std::string& base, const std::string& name, const ScmEvent& event) {
    return {target_project(base, event), name.empty() ? name : target_package(name, event)};
}

void require_legal(const PackageRef& target, const ScmEvent& event) {
    require(NameKind::Project, target.project, event);
    if (!target.package.empty()) require(NameKind::Package, target.package, event);
}

}  // namespace heddle
