// SPDX-License-Identifier: Apache-2.0
// Mirrors when the disk, the source or another process gives trouble.
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <functional>
#include <map>
#include <random>
#include <thread>
#include <vector>

#include "tests/contract/app/forges/git/mirror_world.hpp"
#include "tests/support/child.hpp"

using namespace heddle;
using namespace heddle::test;

namespace {

std::vector<fs::path> files_below(const fs::path& folder,
                                  const std::function<bool(const fs::path&)>& wanted) {
    std::vector<fs::path> files;
    for (const auto& entry : fs::recursive_directory_iterator(folder))
        if (entry.is_regular_file() && wanted(entry.path())) files.push_back(entry.path());
    return files;
}

bool is_object(const fs::path& path) {
    return path.filename().string().size() == 38 && path.parent_path().parent_path().filename() == "objects";
}

bool is_object_or_pack(const fs::path& path) { return is_object(path) || contains(path, "/pack/"); }

void overwrite(const fs::path& file, const std::string& text) {
    fs::permissions(file, fs::perms::owner_write, fs::perm_options::add);
    std::ofstream(file, std::ios::binary | std::ios::trunc) << text;
}

std::string incompressible(std::size_t bytes) {
    std::minstd_rand random(7);
    std::string text(bytes, '\0');
    for (char& c : text) c = static_cast<char>(random());
    return text;
}

/// Enough of them to be packed.
void write_many(const GitRepository& repository) {
    for (int i = 0; i < 150; ++i) repository.write("many/" + std::to_string(i), std::to_string(i));
}

/// A file of numbers, one a line.
std::string numbers(int from, int to) {
    std::string text;
    for (int i = from; i <= to; ++i) text += std::to_string(i) + "\n";
    return text;
}

fs::path object_file(const fs::path& git_folder, const std::string& id) {
    return git_folder / "objects" / id.substr(0, 2) / id.substr(2);
}

/// "retry: ..." or "gives up: ..." or "checked out".
std::string outcome_of_check_out(const Mirrors& mirrors,
                                 const std::string& url,
                                 const std::string& commit,
                                 const fs::path& target) {
    try {
        mirrors.check_out(url, commit, target);
    } catch (const RemoteError& error) {
        return std::string(error.kind == RemoteError::Kind::Retry ? "retry: " : "gives up: ") + error.what();
    }
    return "checked out";
}

/// In a child process: checks out on a disk that has no space for the mirror, then none for the files.
std::string use_full_disk(const MirrorWorld& w, const std::string& commit, const fs::path& disk) {
    if (!mount_small_disk(disk, 1 << 20)) return "no mount";
    const Mirrors mirrors(disk / "mirrors");
    std::ofstream(disk / "filler") << std::string(600'000, 'x');
    std::string told = "fetching: " + outcome_of_check_out(mirrors, w.url(), commit, disk / "target") + "\n";
    const bool left =
        fs::exists(disk / "target") || !files_below(disk / "mirrors", is_object_or_pack).empty();
    fs::remove(disk / "filler");
    told += "writing: " + outcome_of_check_out(mirrors, w.url(), commit, disk / "target") + "\n";
    const bool half = fs::exists(disk / "target");
    return told + (left || half ? "something was left" : "nothing was left");
}

}  // namespace

TEST_CASE("a broken mirror is made anew, whichever way it broke") {
    MirrorWorld w;
    const std::string commit = w.repository.commit("files", {{"a", "text"}, {"d/b", "more"}});
    const std::vector<std::function<void(const fs::path&)>> accidents{
        [](const fs::path& mirror) { fs::remove(mirror / "HEAD"); },
        [](const fs::path& mirror) { overwrite(mirror / "config", "[core\n"); },
        [](const fs::path& mirror) {
            for (const fs::path& file : files_below(mirror, is_object)) overwrite(file, "");
        },
        [](const fs::path& mirror) {
            for (const fs::path& file : files_below(mirror, is_object)) overwrite(file, "garbage");
        },
        [&](const fs::path& mirror) { fs::remove(object_file(mirror, w.repository.id_of("HEAD:d/b"))); },
        [&](const fs::path& mirror) { fs::remove(object_file(mirror, w.repository.id_of("HEAD:d"))); },
        [](const fs::path& mirror) { fs::remove_all(mirror / "objects"); },
    };
    for (const auto& accident : accidents) {
        w.check_out(commit);
        fs::remove_all(w.target);
        fs::path mirror;
        for (const auto& entry : fs::directory_iterator(w.folder.path() / "mirrors"))
            if (entry.path().extension() == ".git") mirror = entry.path();
        accident(mirror);
        CHECK(w.mirrors.read_file(w.url(), commit, "d/b", 10) == "more");
        w.check_out(commit);
        CHECK(text_of(w.target / "a") == "text");
        CHECK(text_of(w.target / "d/b") == "more");
        fs::remove_all(w.target);
    }
}

TEST_CASE("a broken pack is made anew") {
    MirrorWorld w;
    write_many(w.repository);
    const std::string commit = w.repository.commit("many");
    for (const std::string ending : {".pack", ".idx"}) {
        w.check_out(commit);
        fs::remove_all(w.target);
        const auto packs = files_below(w.folder.path() / "mirrors",
                                       [&](const fs::path& path) { return path.extension() == ending; });
        REQUIRE(packs.size() == 1);
        overwrite(packs.front(), text_of(packs.front()).substr(0, 900));
        w.check_out(commit);
        CHECK(text_of(w.target / "many/149") == "149");
        fs::remove_all(w.target);
    }
}

TEST_CASE("files that resemble each other come as differences, and whole") {
    MirrorWorld w;
    for (int i = 0; i < 200; ++i) w.repository.write("alike/" + std::to_string(i), numbers(i, i + 3000));
    w.check_out(w.repository.commit("alike"));
    CHECK(text_of(w.target / "alike/0") == numbers(0, 3000));
    CHECK(text_of(w.target / "alike/199") == numbers(199, 3199));
    std::uintmax_t packed = 0;
    for (const fs::path& file : files_below(w.folder.path() / "mirrors", is_object_or_pack))
        packed += fs::file_size(file);
    CHECK(packed < 200'000);  // one of them alone takes a third of its 15 kB: they were differences
}

TEST_CASE("a damaged source is told and costs nothing that is mirrored") {
    MirrorWorld w;
    const std::string good = w.repository.commit("good", {{"a", "good"}});
    w.check_out(good);
    const std::string bad = w.repository.commit("bad", {{"a", "bad"}});
    overwrite(object_file(w.repository.path() / ".git", w.repository.id_of("HEAD:a")), "garbage");
    fs::remove_all(w.target);
    CHECK(contains(refusal([&] { w.check_out(bad); }), "the repository is damaged or incomplete"));
    CHECK_FALSE(fs::exists(w.target));
    CHECK(contains(refusal([&] { w.mirrors.read_file(w.url(), bad, "a", 10); }), "damaged or incomplete"));
    fs::remove(object_file(w.repository.path() / ".git", w.repository.id_of(good + ":a")));
    w.check_out(good);
    CHECK(text_of(w.target / "a") == "good");
}

TEST_CASE("content under a wrong name is damage, not content") {
    MirrorWorld w;
    const std::string commit = w.repository.commit("file", {{"a", "one"}, {"b", "two"}});
    const fs::path git = w.repository.path() / ".git";
    overwrite(object_file(git, w.repository.id_of("HEAD:a")),
              text_of(object_file(git, w.repository.id_of("HEAD:b"))));
    CHECK(contains(refusal([&] { w.check_out(commit); }), "damaged or incomplete"));
    CHECK_FALSE(fs::exists(w.target));
}

TEST_CASE("shallow clones and clones that borrow objects are mirrored") {
    MirrorWorld w;
    w.repository.commit("first", {{"a", "1"}});
    const std::string head = w.repository.commit("second", {{"a", "2"}});
    const fs::path shallow = w.folder.path() / "shallow";
    w.repository.git({"clone", "-q", "--depth=1", "file://" + w.url(), shallow});
    w.mirrors.check_out(shallow, head, w.folder.path() / "from shallow");
    CHECK(text_of(w.folder.path() / "from shallow" / "a") == "2");

    const fs::path borrowing = w.folder.path() / "borrowing";
    w.repository.git({"clone", "-q", "--shared", ".", borrowing});
    w.mirrors.check_out(borrowing, head, w.folder.path() / "from borrowing");
    CHECK(text_of(w.folder.path() / "from borrowing" / "a") == "2");

    const fs::path linked = w.folder.path() / "linked";
    w.repository.git({"worktree", "add", "-q", "--detach", linked});
    w.mirrors.check_out(linked, w.mirrors.resolve(linked, ""), w.folder.path() / "from linked");
    CHECK(text_of(w.folder.path() / "from linked" / "a") == "2");

    w.repository.git({"config", "uploadpack.allowFilter", "true"});
    const fs::path partial = w.folder.path() / "partial";
    w.repository.git({"clone", "-q", "--bare", "--filter=blob:none", "file://" + w.url(), partial});
    const std::string sentence =
        refusal([&] { w.mirrors.check_out(partial, head, w.folder.path() / "from partial"); });
    CHECK(contains(sentence, "damaged or incomplete"));
    CHECK_FALSE(fs::exists(w.folder.path() / "from partial"));
}

TEST_CASE("kinds of repositories that are not known are told") {
    MirrorWorld w;
    const fs::path other = w.folder.path() / "sha256";
    w.repository.git({"init", "-q", "--object-format=sha256", other});
    CHECK(contains(refusal([&] { w.mirrors.resolve(other, "main"); }), "unsupported extension name"));
}

TEST_CASE("threads and processes may ask for one commit at once") {
    MirrorWorld w;
    std::map<std::string, std::string> files;
    for (int i = 0; i < 40; ++i)
        files["d" + std::to_string(i % 7) + "/f" + std::to_string(i)] = std::to_string(i);
    const std::string commit = w.repository.commit("files", files);
    const auto checked_out = [&](const std::string& name) {
        const fs::path target = w.folder.path() / name;
        w.mirrors.check_out(w.url(), commit, target);
        for (const auto& [file, text] : files)
            if (text_of(target / file) != text) throw std::runtime_error(file + " differs");
    };
    std::vector<pid_t> children;
    for (int i = 0; i < 3; ++i) {
        const pid_t child = fork();
        if (child == 0) {
            int failed = 1;
            try {
                checked_out("process" + std::to_string(i));
                failed = 0;
            } catch (const std::exception&) {
            }
            _exit(failed);
        }
        children.push_back(child);
    }
    std::vector<std::string> failures(4);
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < failures.size(); ++i)
        threads.emplace_back([&, i] {
            try {
                checked_out("thread" + std::to_string(i));
            } catch (const std::exception& error) {
                failures[i] = error.what();
            }
        });
    for (std::thread& thread : threads) thread.join();
    for (const std::string& failure : failures) CHECK(failure == "");
    for (const pid_t child : children) {
        int status = -1;
        waitpid(child, &status, 0);
        CHECK(status == 0);
    }
}

TEST_CASE("a process that is killed while it fetches leaves no half a commit") {
    for (const int variant : {0, 1, 2, 3}) {
        const bool fresh = variant % 2 == 0;
        const bool many = variant / 2 == 0;
        MirrorWorld w;
        if (!fresh) w.check_out(w.repository.commit("before", {{"before", "text"}}));
        fs::remove_all(w.target);
        if (many) write_many(w.repository);
        const std::string commit =
            w.repository.commit("files", {{"a", "text"}, {"z", incompressible(200'000)}});
        const std::string end = in_child([&] {
            const rlimit limit{100'000, 100'000};  // the kernel kills the writer of a larger file
            setrlimit(RLIMIT_FSIZE, &limit);
            w.check_out(commit);
            return std::string("checked out");
        });
        CHECK(end == "signal " + std::to_string(SIGXFSZ));
        CHECK_FALSE(fs::exists(w.target));
        w.check_out(commit);
        CHECK(fs::file_size(w.target / "z") == 200'000);
        const auto leftovers = files_below(w.folder.path() / "mirrors", [](const fs::path& path) {
            const std::string name = path.filename();
            return name.starts_with("tmp_") || name.starts_with("pack_") || contains(path, ".git.new");
        });
        CHECK(leftovers.empty());
    }
}

TEST_CASE("a full disk is tried again later and leaves nothing half-done") {
    for (const bool many : {false, true}) {
        MirrorWorld w;
        if (many) write_many(w.repository);
        const std::string commit = w.repository.commit("files", {{"z", incompressible(600'000)}});
        const fs::path disk = w.folder.path() / "disk";
        fs::create_directories(disk);
        const std::string told = in_child([&] { return use_full_disk(w, commit, disk); });
        if (told == "no mount") return note("a full disk was not tested: no mount namespaces here");
        const auto writing = told.find("\nwriting: retry: ");
        REQUIRE_MESSAGE(writing != std::string::npos, told);
        CHECK_MESSAGE(told.starts_with("fetching: retry: "), told);
        CHECK_MESSAGE(contains(told.substr(0, writing), "there is no space left on the disk"), told);
        CHECK_MESSAGE(contains(told.substr(writing), "there is no space left on the disk for"), told);
        CHECK_MESSAGE(told.ends_with("\nnothing was left"), told);
    }
}
