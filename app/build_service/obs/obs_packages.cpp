// SPDX-License-Identifier: Apache-2.0
// Packages: branches, links, and where their sources are kept.
#include "app/build_service/obs/obs_build_service.hpp"
#include "app/build_service/obs/obs_meta.hpp"
#include "app/net/url.hpp"
#include "workflows/model/names.hpp"
#include "workflows/model/remote_error.hpp"
#include "workflows/model/wording.hpp"

namespace heddle {
namespace {

[[noreturn]] void give_up(const std::string& doing, const std::string& why) {
    throw RemoteError(RemoteError::Kind::GiveUp, doing, why);
}

std::string source_target(const PackageRef& package, const ObsQuery& query = {}) {
    return obs_target({"source", package.project, package.package}, query);
}

/// A project's git repository has its packages in folders; OBS names the folder in the query.
std::string of_package(const std::string& url, const std::string& package) {
    const auto hash = url.find('#');
    const std::string front = url.substr(0, hash);
    const std::string fragment = hash == std::string::npos ? "" : url.substr(hash);
    return front + (front.find('?') == std::string::npos ? "?" : "&") + "subdir=" + url_encoded(package) +
           fragment;
}

std::string scmsync_of(const pugi::xml_document& meta) {
    return meta.document_element().child_value("scmsync");
}

}  // namespace

bool ObsBuildService::has_sources(const PackageRef& package, const Meta& meta, const std::string& doing) {
    if (!scmsync_of(meta).empty()) return true;
    const auto directory = client_.find(source_target(package), doing);
    return directory && !directory->document_element().attribute("rev").empty();
}

bool ObsBuildService::package_exists(const PackageRef& package) {
    const std::string doing = "look for package " + to_string(package);
    const auto meta = find_package(package, doing);
    return meta && has_sources(package, *meta, doing);
}

std::optional<std::string> ObsBuildService::scmsync(const PackageRef& package) {
    const std::string doing = "look where the sources of " + to_string(package) + " are";
    if (const auto meta = find_package(package, doing); meta && !scmsync_of(*meta).empty())
        return scmsync_of(*meta);
    const auto project = find_project(package.project, doing);
    if (!project || scmsync_of(*project).empty()) return std::nullopt;
    return of_package(scmsync_of(*project), package.package);
}

SourceRevision ObsBuildService::set_scmsync(const PackageRef& package,
                                            const std::string& url,
                                            const std::string& run) {
    const std::string doing = "point " + to_string(package) + " at a commit";
    Meta meta = std::move(writable_package(package, doing).package);
    if (scmsync_of(meta) == url)
        if (const auto fetched = fetched_revision(package, url, doing)) return *fetched;
    pugi::xml_node root = meta.document_element();
    root.remove_child("scmsync");
    root.append_child("scmsync").text().set(url.c_str());
    client_.put(obs_target({"source", package.project, package.package, "_meta"}, telling("[" + run + "]")),
                xml_text(meta),
                doing);
    // OBS fetches the commit by itself, later: there is no revision of it yet.
    return {};
}

void ObsBuildService::await_services_of_origin(const PackageRef& package, const std::string& doing) {
    if (is_backend()) return wait_for_services(package, doing);
    const auto directory = client_.get(source_target(package), doing);
    const pugi::xml_node info = directory.document_element().child("serviceinfo");
    const std::string_view code = info.attribute("code").as_string();
    if (code == "running")
        throw RemoteError(RemoteError::Kind::Retry,
                          doing,
                          "source services of " + to_string(package) + " are still running");
    if (code == "failed") give_up(doing, one_line(info.child_value("error")));
}

void ObsBuildService::wait_for_services(const PackageRef& package, const std::string& doing) {
    client_.post(source_target(package, {{"cmd", "waitservice"}}), doing);
}

void ObsBuildService::branch_package(const PackageRef& source,
                                     const PackageRef& target,
                                     const BranchOptions& options) {
    const std::string doing = "branch " + to_string(source) + " to " + to_string(target);
    require_grant(target.project, doing);
    const PackageMeta from = readable_package(source, doing);
    const auto present = find_package(target, doing);
    // A second branch would throw away what was written into the first.
    if (present && has_sources(target, *present, doing)) return;
    const std::string git = scmsync_of(from.package);
    if (git.empty()) await_services_of_origin(source, doing);
    make_project_of_branch(source, from.project.document_element(), target, options, doing);
    if (!git.empty()) {
        Meta meta = package_meta(target, from.package.document_element());
        meta.document_element().append_child("scmsync").text().set(git.c_str());
        put_package(target, meta, doing);
    } else if (is_backend()) {
        branch_at_backend(source, from.package.document_element(), target, present.has_value(), doing);
    } else {
        branch_at_frontend(source, target, doing);
    }
}

void ObsBuildService::make_project_of_branch(const PackageRef& source,
                                             pugi::xml_node source_project,
                                             const PackageRef& target,
                                             const BranchOptions& options,
                                             const std::string& doing) {
    if (const auto present = find_project(target.project, doing))
        return require_unlocked(target.project, *present, doing);
    Meta meta = project_meta({target.project,
                              "Branch of " + to_string(source),
                              "Made to branch " + to_string(source),
                              options.project_url},
                             is_backend() ? actor_.login : account_);
    copy_project_flags(source_project, meta.document_element());
    if (options.add_repositories) copy_repositories(source_project, meta.document_element());
    put_project(target.project, meta, doing);
}

/// The address names the receiver, which has to be there: where branching was cut off, it is.
void ObsBuildService::branch_at_backend(const PackageRef& source,
                                        pugi::xml_node source_package,
                                        const PackageRef& target,
                                        bool is_there,
                                        const std::string& doing) {
    if (!is_there) {
        Meta meta = package_meta(target, source_package);
        copy_package_flags(source_package, meta.document_element());
        put_package(target, meta, doing);
    }
    ObsQuery query{{"cmd", "branch"}, {"oproject", source.project}, {"opackage", source.package}};
    for (auto& pair : telling(doing)) query.push_back(std::move(pair));
    client_.post(source_target(target, query), doing);
}

/// The address names the origin.
void ObsBuildService::branch_at_frontend(const PackageRef& source,
                                         const PackageRef& target,
                                         const std::string& doing) {
    const ObsQuery query{{"cmd", "branch"},
                         {"target_project", target.project},
                         {"target_package", target.package},
                         {"comment", doing}};
    const auto answer = client_.ask("POST", source_target(source, query), "", doing);
    if (answer.status == 400 && answer.word == "double_branch_package") return;  // somebody was quicker
    ObsClient::require_success(answer, doing);
}

SourceRevision ObsBuildService::link_package(const PackageRef& source,
                                             const PackageRef& target,
                                             const std::string& run) {
    const std::string doing = "link " + to_string(target) + " to " + to_string(source);
    const Meta project = writable_project(target.project, doing);
    const PackageMeta from = readable_package(source, doing);
    if (source == target) give_up(doing, "a package can't link to itself");
    if (const auto present = find_package(target, doing)) {
        require_unlocked(target, project, *present, doing);
    } else {
        put_package(target, package_meta(target, from.package.document_element()), doing);
    }
    const std::string file = obs_target({"source", target.project, target.package, "_link"});
    if (const auto present = client_.find(file, doing)) {
        const pugi::xml_node link = present->child("link");
        // What is not said is the package's own name.
        const PackageRef to{link.attribute("project").as_string(target.project.c_str()),
                            link.attribute("package").as_string(target.package.c_str())};
        const auto revision = to == source ? find_revision(target, "", doing) : std::nullopt;
        if (revision) return *revision;
    }
    Meta link;
    pugi::xml_node root = link.append_child("link");
    root.append_attribute("project") = source.project.c_str();
    root.append_attribute("package") = source.package.c_str();
    const std::string comment = "linked to " + to_string(source) + " [" + run + "]";
    const auto answer =
        client_.put_file(obs_target({"source", target.project, target.package, "_link"}, telling(comment)),
                         xml_text(link),
                         doing);
    return revision_of(answer, target, doing);
}

}  // namespace heddle
