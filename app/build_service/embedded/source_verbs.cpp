// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "app/build_service/embedded/service_verbs.hpp"
#include "app/postgres/storable_text.hpp"
#include "workflows/model/wording.hpp"

namespace heddle {
namespace {

constexpr std::size_t kLongestFileName = 1024;
constexpr std::size_t kLargestFile = std::size_t{64} << 20;

void put_file(Sources& sources, FileEntry file) {
    const auto same = std::find_if(sources.files.begin(), sources.files.end(), [&](const FileEntry& other) {
        return other.name == file.name;
    });
    if (same == sources.files.end()) {
        sources.files.push_back(std::move(file));
        return;
    }
    file.executable = same->executable;
    *same = std::move(file);
}

}  // namespace

std::optional<std::string> why_refused_file(const std::string& name) {
    const std::string no_name = quoted(name) + " is no file name: ";
    if (name.empty()) return no_name + "it is empty";
    if (name.size() > kLongestFileName) return no_name + "it is too long";
    if (std::any_of(name.begin(), name.end(), [](unsigned char c) { return c < ' ' || c == 0x7F; }))
        return no_name + "it contains a control character";
    if (storable_text(name) != name) return no_name + "it is not UTF-8";
    const std::string framed = "/" + name + "/";
    for (const char* part : {"//", "/./", "/../"})
        if (framed.find(part) != std::string::npos) return no_name + "it is no plain relative path";
    return std::nullopt;
}

SourceRevision write_file(const ServiceCall& call,
                          const PackageRef& ref,
                          const std::string& name,
                          const std::string& content,
                          const std::string& run) {
    if (const auto reason = why_refused_file(name)) refuse(call, *reason);
    if (content.size() > kLargestFile) refuse(call, quoted(name) + " is larger than 64 MiB");
    const StoredPackage package = writable_package(call, ref);
    if (package.scmsync) refuse(call, to_string(ref) + " is kept in git: its files are changed there");
    const auto latest = latest_revision(call.tx, package.id);
    Sources sources = latest ? sources_of(call.tx, *latest) : Sources{};
    put_file(sources, {name, put_blob(call.tx, content), false});
    return commit_sources(call, package, sources, run, run.empty() ? "changed " + name : run + ": " + name);
}

SourceRevision rebuild_package(const ServiceCall& call, const PackageRef& ref) {
    const StoredPackage package = writable_package(call, ref);
    const auto latest = latest_revision(call.tx, package.id);
    if (!latest) refuse(call, to_string(ref) + " has no sources");
    ScheduleRequest request = schedule_request(call);
    request.again = true;
    schedule_package(call.tx, package.id, request);
    return latest->ref();
}

}  // namespace heddle
