// SPDX-License-Identifier: Apache-2.0
#include "app/build_service/obs/obs_meta.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <vector>

namespace heddle {
namespace {

constexpr std::array kFlags{
    "lock", "build", "publish", "debuginfo", "useforbuild", "binarydownload", "sourceaccess", "access"};

void append_text(pugi::xml_node parent, const char* name, const std::string& text) {
    parent.append_child(name).text().set(text.c_str());
}

void set_or_remove(pugi::xml_node node, const char* name, const std::string& value) {
    node.remove_attribute(name);
    if (!value.empty()) node.append_attribute(name) = value.c_str();
}

template <std::size_t N>
void copy_flags(pugi::xml_node source, pugi::xml_node target, const std::array<std::string_view, N>& but) {
    for (const char* flag : kFlags)
        if (std::find(but.begin(), but.end(), flag) == but.end())
            for (const pugi::xml_node node : source.children(flag)) target.append_copy(node);
}

bool has_path(pugi::xml_node repository, const RepositoryPath& path) {
    for (const pugi::xml_node known : repository.children("path"))
        if (known.attribute("project").as_string() == path.project &&
            known.attribute("repository").as_string() == path.repository)
            return true;
    return false;
}

/// Paths come in front of architectures.
void add_path(pugi::xml_node repository, const RepositoryPath& path) {
    const pugi::xml_node before = repository.child("arch");
    pugi::xml_node added =
        before ? repository.insert_child_before("path", before) : repository.append_child("path");
    added.append_attribute("project") = path.project.c_str();
    added.append_attribute("repository") = path.repository.c_str();
}

/// What is said about everything of `owner`; nothing where nothing is.
std::optional<bool> word_of(pugi::xml_node owner, const char* flag) {
    std::optional<bool> word;
    for (const pugi::xml_node said : owner.child(flag).children())
        if (said.attribute("repository").empty() && said.attribute("arch").empty())
            word = std::string_view(said.name()) == "enable";
    return word;
}

bool names(pugi::xml_attribute attribute, const std::string& name) {
    return !attribute || attribute.as_string() == name;
}

bool is_built(pugi::xml_node owner, const BuildResult& place, bool otherwise) {
    int best = -1;
    bool built = otherwise;
    for (const pugi::xml_node word : owner.child("build").children()) {
        const pugi::xml_attribute repository = word.attribute("repository");
        const pugi::xml_attribute architecture = word.attribute("arch");
        if (!names(repository, place.repository) || !names(architecture, place.architecture)) continue;
        const bool off = std::string_view(word.name()) == "disable";
        const int weight = (repository ? 4 : 0) + (architecture ? 2 : 0) + (off ? 1 : 0);
        if (weight <= best) continue;
        best = weight;
        built = !off;
    }
    return built;
}

}  // namespace

pugi::xml_document project_meta(const NewProject& project, const std::string& maintainer) {
    pugi::xml_document document;
    pugi::xml_node root = document.append_child("project");
    root.append_attribute("name") = project.name.c_str();
    append_text(root, "title", project.title);
    append_text(root, "description", project.description);
    if (!project.url.empty()) append_text(root, "url", project.url);
    if (!maintainer.empty()) {
        pugi::xml_node person = root.append_child("person");
        person.append_attribute("userid") = maintainer.c_str();
        person.append_attribute("role") = "maintainer";
    }
    return document;
}

pugi::xml_document package_meta(const PackageRef& package, pugi::xml_node source) {
    pugi::xml_document document;
    pugi::xml_node root = document.append_child("package");
    root.append_attribute("name") = package.package.c_str();
    root.append_attribute("project") = package.project.c_str();
    append_text(root, "title", source.child_value("title"));
    append_text(root, "description", source.child_value("description"));
    return document;
}

void copy_repositories(pugi::xml_node source, pugi::xml_node target) {
    for (const pugi::xml_node repository : source.children("repository")) {
        pugi::xml_node copy = target.append_child("repository");
        for (const char* name : {"name", "rebuild", "linkedbuild"})
            if (const pugi::xml_attribute attribute = repository.attribute(name))
                copy.append_attribute(name) = attribute.value();
        add_path(copy, {source.attribute("name").value(), repository.attribute("name").value()});
        for (const pugi::xml_node architecture : repository.children("arch")) copy.append_copy(architecture);
    }
}

void copy_project_flags(pugi::xml_node source, pugi::xml_node target) {
    copy_flags(source, target, std::array<std::string_view, 2>{"build", "lock"});
}

void copy_package_flags(pugi::xml_node source, pugi::xml_node target) {
    copy_flags(source, target, std::array<std::string_view, 1>{"lock"});
}

void put_repository(pugi::xml_node project, const RepositoryConfig& repository) {
    pugi::xml_node node = project.find_child_by_attribute("repository", "name", repository.name.c_str());
    if (!node) {
        node = project.append_child("repository");
        node.append_attribute("name") = repository.name.c_str();
    }
    set_or_remove(node, "rebuild", repository.rebuild);
    set_or_remove(node, "linkedbuild", repository.linkedbuild);
    for (const RepositoryPath& path : repository.paths)
        if (!has_path(node, path)) add_path(node, path);
    while (node.remove_child("arch")) continue;
    for (const std::string& architecture : repository.architectures) append_text(node, "arch", architecture);
}

void put_flag(pugi::xml_node owner, const FlagSetting& flag) {
    pugi::xml_node node = owner.child(flag.type.c_str());
    if (!node) node = owner.append_child(flag.type.c_str());
    std::vector<pugi::xml_node> earlier;
    for (const pugi::xml_node said : node.children())
        if (said.attribute("repository").as_string() == flag.repository &&
            said.attribute("arch").as_string() == flag.architecture)
            earlier.push_back(said);
    for (const pugi::xml_node said : earlier) node.remove_child(said);
    pugi::xml_node said = node.append_child(flag.status.c_str());
    if (!flag.repository.empty()) said.append_attribute("repository") = flag.repository.c_str();
    if (!flag.architecture.empty()) said.append_attribute("arch") = flag.architecture.c_str();
}

bool add_project_link(pugi::xml_node project, const std::string& linked) {
    if (project.find_child_by_attribute("link", "project", linked.c_str())) return false;
    pugi::xml_node last;
    for (const pugi::xml_node link : project.children("link")) last = link;
    pugi::xml_node added = last ? project.insert_child_after("link", last) : project.append_child("link");
    added.append_attribute("project") = linked.c_str();
    return true;
}

bool remove_project_link(pugi::xml_node project, const std::string& linked) {
    return project.remove_child(project.find_child_by_attribute("link", "project", linked.c_str()));
}

bool is_locked(pugi::xml_node project, pugi::xml_node package) {
    return word_of(package, "lock").value_or(word_of(project, "lock").value_or(false));
}

bool is_secret(pugi::xml_node project) { return !word_of(project, "access").value_or(true); }

bool is_hidden(pugi::xml_node project, pugi::xml_node package) {
    for (const char* flag : {"sourceaccess", "access"})
        if (!word_of(package, flag).value_or(word_of(project, flag).value_or(true))) return true;
    return false;
}

std::vector<BuildResult> build_places(pugi::xml_node project) {
    std::vector<BuildResult> places;
    for (const pugi::xml_node repository : project.children("repository"))
        for (const pugi::xml_node architecture : repository.children("arch")) {
            BuildResult place;
            place.repository = repository.attribute("name").as_string();
            place.architecture = architecture.child_value();
            places.push_back(std::move(place));
        }
    return places;
}

std::vector<BuildResult> promised_builds(pugi::xml_node project,
                                         pugi::xml_node package,
                                         const std::vector<std::string>& flavours) {
    std::vector<BuildResult> builds;
    if (is_locked(project, package)) return builds;
    for (BuildResult& build : build_places(project)) {
        if (!is_built(package, build, is_built(project, build, true))) continue;
        for (const std::string& flavour : flavours) {
            build.flavour = flavour;
            builds.push_back(build);
        }
    }
    return builds;
}

}  // namespace heddle
