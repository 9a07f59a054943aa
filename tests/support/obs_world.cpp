// SPDX-License-Identifier: Apache-2.0
// What tests do with the backend: projects to build in, and builds that they end by hand.
#include <openssl/evp.h>
#include <poll.h>

#include <fstream>
#include <pugixml.hpp>
#include <stdexcept>

#include "tests/support/obs_backend.hpp"
#include "tests/support/obs_files.hpp"

namespace heddle::test {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::seconds kPatience{60};

std::string good(const RawAnswer& answer, const std::string& what) {
    if (answer.status != 200) throw std::runtime_error(what + ": " + answer.head + answer.body);
    return answer.body;
}

bool wait_for(const std::function<bool()>& holds) {
    const auto until = steady_clock::now() + kPatience;
    while (!holds()) {
        if (steady_clock::now() > until) return false;
        ::poll(nullptr, 0, 20);
    }
    return true;
}

std::string md5(const std::string& bytes) {
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    if (EVP_Digest(bytes.data(), bytes.size(), digest, &size, EVP_md5(), nullptr) != 1)
        throw std::runtime_error("no MD5");
    std::string text;
    for (unsigned i = 0; i < size; ++i) {
        text += "0123456789abcdef"[digest[i] >> 4];
        text += "0123456789abcdef"[digest[i] & 15];
    }
    return text;
}

/// The wire's own names of an outcome.
const char* code_of(ObsBackend::Outcome outcome) {
    switch (outcome) {
        case ObsBackend::Outcome::Success: return "succeeded";
        case ObsBackend::Outcome::Failure: return "failed";
        case ObsBackend::Outcome::Unchanged: return "unchanged";
    }
    throw std::logic_error("unknown outcome");
}

std::string repository_meta(const std::string& name, bool on_base) {
    return "<repository name=\"" + name + "\">" +
           (on_base ? std::string("<path project=\"") + ObsBackend::kBase + "\" repository=\"standard\"/>"
                    : std::string()) +
           "<arch>" + ObsBackend::architecture() + "</arch></repository>";
}

}  // namespace

void ObsBackend::add_base_project() {
    if (has_base_) return;
    const std::string base = kBase;
    good(put("/source/" + base + "/_meta",
             "<project name=\"" + base + "\"><title/><description/>" + repository_meta("standard", false) +
                 "</project>"),
         "base project");
    good(put("/source/" + base + "/_config",
             "Type: simpleimage\nBinarytype: deb\nRepotype: none\nPreinstall: dpkg\n"),
         "its configuration");
    if (options_.level != Level::Source)
        good(put("/build/" + base + "/standard/" + architecture() + "/_repository/dpkg.deb",
                 make_obs_base_package(folder(), options_.worker == Worker::Chroot)),
             "its package");
    has_base_ = true;
}

void ObsBackend::add_project(const std::string& project, const std::string& repository) {
    add_base_project();
    good(put("/source/" + project + "/_meta",
             "<project name=\"" + project + "\"><title/><description/>" + repository_meta(repository, true) +
                 "</project>"),
         "project " + project);
}

void ObsBackend::add_package(const std::string& project,
                             const std::string& package,
                             const std::string& recipe) {
    good(
        put("/source/" + project + "/" + package + "/_meta",
            "<package name=\"" + package + "\" project=\"" + project + "\"><title/><description/></package>"),
        "package " + package);
    if (!recipe.empty()) commit(project, package, "simpleimage", recipe);
}

void ObsBackend::copy_package(const std::string& project,
                              const std::string& package,
                              const std::vector<std::string>& names) {
    namespace fs = std::filesystem;
    kill_hard();
    const fs::path data = folder() / "data";
    const fs::path packages = data / "projects" / (project + ".pkg");
    const auto recursive = fs::copy_options::recursive;
    for (const std::string& name : names) {
        std::ofstream(packages / (name + ".xml")) << "<package name=\"" << name << "\" project=\"" << project
                                                  << "\"><title/><description/></package>";
        fs::copy(packages / (package + ".rev"), packages / (name + ".rev"));
        fs::copy(data / "trees" / project / package, data / "trees" / project / name, recursive);
        fs::copy(data / "sources" / package, data / "sources" / name, recursive);
    }
    start_again();
}

std::string ObsBackend::recipe(const std::string& script) {
    return "Name: image\nVersion: 1.0\n%build\n" + script + "\n";
}

void ObsBackend::commit(const std::string& project,
                        const std::string& package,
                        const std::string& file,
                        const std::string& content) const {
    good(put("/source/" + project + "/" + package + "/" + file + "?user=somebody&comment=by+hand", content),
         "commit");
}

std::string ObsBackend::state(const std::string& project, const std::string& package) const {
    pugi::xml_document answer;
    answer.load_string(get("/build/" + project + "/_result?package=" + package).body.c_str());
    for (const pugi::xml_node result : answer.child("resultlist").children("result"))
        if (result.attribute("repository").as_string() == std::string("standard"))
            return result.find_child_by_attribute("status", "package", package.c_str())
                .attribute("code")
                .as_string();
    return {};
}

bool ObsBackend::reaches(const std::string& project,
                         const std::string& package,
                         const std::string& wanted) const {
    return wait_for([&] { return state(project, package) == wanted; });
}

std::map<std::string, std::string> ObsBackend::jobs_of(const std::string& project) const {
    const std::string start = project + "::standard::";
    pugi::xml_document list;
    list.load_string(ask_repository("GET", "/jobs/" + architecture()).body.c_str());
    std::map<std::string, std::string> jobs;
    for (const pugi::xml_node entry : list.child("directory").children("entry")) {
        const std::string name = entry.attribute("name").as_string();
        // A package's name may have a '-', too; the checksum behind it has none.
        if (name.starts_with(start)) jobs[name.substr(start.size(), name.rfind('-') - start.size())] = name;
    }
    return jobs;
}

void ObsBackend::finish_job(const std::string& project, const std::string& package, Outcome outcome) const {
    finish_jobs(project, {{package, outcome}});
}

void ObsBackend::finish_jobs(const std::string& project, std::map<std::string, Outcome> outcomes) const {
    std::string why = "none is scheduled";
    // A job that the scheduler replaces by a newer one can go between any two questions.
    const bool done = wait_for([&] {
        for (const auto& [package, job] : jobs_of(project)) {
            const auto outcome = outcomes.find(package);
            if (outcome == outcomes.end()) continue;
            const RawAnswer answer = hand_in(job, package, outcome->second);
            why = answer.head + answer.body;
            if (answer.status == 200) outcomes.erase(outcome);
        }
        return outcomes.empty();
    });
    if (!done)
        throw std::runtime_error("no job of " + project + "/" + outcomes.begin()->first +
                                 " is taken: " + why);
}

RawAnswer ObsBackend::hand_in(const std::string& job, const std::string& package, Outcome outcome) const {
    const RawAnswer read = ask_repository("GET", "/jobs/" + architecture() + "/" + job);
    if (read.status != 200) return read;
    const std::string query =
        "arch=" + architecture() + "&job=" + job + "&jobid=" + md5(read.body) + "&workerid=hand:1";
    const RawAnswer claim =
        ask_repository("POST", "/workerdispatched?" + query + "&hostarch=" + architecture() + "&port=9999");
    if (claim.status != 200) return claim;
    pugi::xml_document info;
    info.load_string(read.body.c_str());
    CpioArchive upload;
    // The first line tells the scheduler which sources were built.
    upload.add("meta", info.child("buildinfo").child_value("verifymd5") + std::string("  ") + package + "\n");
    upload.add("logfile", "ended by hand\n");
    // A success is what has a result.
    if (outcome == Outcome::Success) upload.add("result.txt", "built\n");
    return ask_repository("POST",
                          "/putjob?" + query + "&code=" + code_of(outcome),
                          std::move(upload).finish(),
                          "application/x-cpio");
}

}  // namespace heddle::test
