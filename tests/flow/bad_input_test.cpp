// SPDX-License-Identifier: Apache-2.0
// Nonsense for `heddle try`: one sentence, the right exit code, nothing half-done.
#include <doctest/doctest.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "tests/flow/try_world.hpp"

using namespace heddle::test;

namespace {

namespace fs = std::filesystem;

// One line, nothing that looks like an exception's name.
void check_sentence(const Ended& ended, const std::string& part) {
    CHECK_MESSAGE(ended.err.find(part) != std::string::npos, ended.err);
    CHECK_MESSAGE(std::count(ended.err.begin(), ended.err.end(), '\n') == 1, ended.err);
}

// A repository whose try would succeed.
struct GoodWorld : TryWorld {
    explicit GoodWorld(const std::string& folder = "hello") : TryWorld(folder) {
        base({{".obs/workflows.yml", workflow_for({"hello"})}, {"Makefile", "all:\n\ttrue\n"}});
        head({{"a", "b"}});
    }
};

}  // namespace

TEST_CASE("what is no repository is refused with exit 2") {
    const TryWorld world;
    const TemporaryFolder folder;
    const Ended ended = world.heddle({"try", folder.path()});
    CHECK(ended.exit_code == 2);
    check_sentence(ended, folder.path());
    const Ended missing = world.heddle({"try", folder.path() / "nowhere"});
    CHECK(missing.exit_code == 2);
    check_sentence(missing, "nowhere");
}

TEST_CASE("a repository in a folder that may not be entered is not called missing") {
    const GoodWorld world;
    RunOptions options = world.options();
    const TemporaryFolder home;
    options.environment["HEDDLE_DATA_DIR"] = home.path() / "data";
    if (::geteuid() == 0) {
        const passwd* nobody = ::getpwnam("nobody");
        REQUIRE(nobody);
        options.uid = nobody->pw_uid;
        options.directory = "/";
    }
    fs::permissions(world.repository.path().parent_path(), fs::perms(0755));
    fs::permissions(world.repository.path(), fs::perms(::geteuid() == 0 ? 0700 : 0));
    const Ended ended = run({heddle_program(), "try", world.repository.path()}, options);
    fs::permissions(world.repository.path(), fs::perms(0700));
    CHECK(ended.exit_code == 2);
    check_sentence(ended, world.repository.path().string() + ": no permission to enter it");
}

TEST_CASE("an unknown base, head or event is refused with exit 2") {
    const GoodWorld world;
    const std::string path = world.repository.path();
    const Ended base = world.heddle({"try", path, "--base", "nonsense", "--head", "change"});
    CHECK(base.exit_code == 2);
    check_sentence(base, "nonsense");
    const Ended head = world.heddle({"try", path, "--base", "main", "--head", "--upload-pack=x"});
    CHECK(head.exit_code == 2);
    const Ended event = world.try_change({"--event", "exploded"});
    CHECK(event.exit_code == 2);
    check_sentence(event, "exploded");
}

TEST_CASE("a branch named --upload-pack=x and unicode and spaces in names are only names") {
    TryWorld world("grüne Äpfel & Birnen");
    world.base({{".obs/workflows.yml", workflow_for({"hello"})}, {"Makefile", "all:\n\ttrue\n"}});
    world.head({{"ä ö/ü ß", "b"}});
    world.repository.git({"update-ref", "refs/heads/--upload-pack=x", "HEAD"});
    world.repository.git({"update-ref", "refs/heads/größer;rm-rf$HOME", "main"});
    const Ended ended = world.heddle(
        {"try", world.repository.path(), "--base", "größer;rm-rf$HOME", "--head=--upload-pack=x"});
    CHECK_MESSAGE(ended.exit_code == 0, ended.out << ended.err);
    CHECK(world.statuses().size() == 2);
}

TEST_CASE("a detached head is said, and works when the head is named") {
    GoodWorld world;
    world.repository.git({"checkout", "-q", "--detach", "change"});
    const Ended unnamed = world.heddle({"try", world.repository.path(), "--base", "main"});
    CHECK(unnamed.exit_code == 2);
    check_sentence(unnamed, "detached");
    const Ended ended = world.try_change();
    CHECK_MESSAGE(ended.exit_code == 0, ended.out << ended.err);
    CHECK(world.statuses().size() == 2);
}

TEST_CASE("a head that is the base is refused with exit 2") {
    const GoodWorld world;
    const Ended ended = world.heddle({"try", world.repository.path(), "--base", "main", "--head", "main"});
    CHECK(ended.exit_code == 2);
    check_sentence(ended, "main");
}

TEST_CASE("a bare repository works when both sides are named") {
    const GoodWorld world;
    const TemporaryFolder folder;
    run_git(folder.path(), {"clone", "-q", "--bare", world.repository.path(), "bare.git"});
    const Ended ended =
        world.heddle({"try", folder.path() / "bare.git", "--base", "main", "--head", "change"});
    CHECK_MESSAGE(ended.exit_code == 0, ended.out << ended.err);
}

TEST_CASE("a repository of another user is refused to an ordinary user, and built as its owner by root") {
    if (::geteuid() != 0) {
        MESSAGE("NOTE: not root, ownership is not tested");
        return;
    }
    GoodWorld world;
    const passwd* nobody = ::getpwnam("nobody");
    REQUIRE(nobody);
    const uid_t other = nobody->pw_uid;
    RunOptions options = world.options();
    options.uid = other;
    const TemporaryFolder home;
    REQUIRE(::chown(home.path().c_str(), other, other) == 0);
    options.environment["HEDDLE_DATA_DIR"] = home.path() / "data";
    fs::permissions(world.repository.path().parent_path(), fs::perms(0755));
    const Ended ended = run(
        {heddle_program(), "try", world.repository.path(), "--base", "main", "--head", "change"}, options);
    CHECK(ended.exit_code == 2);
    check_sentence(ended, "belongs to");

    for (const auto& entry : fs::recursive_directory_iterator(world.repository.path()))
        REQUIRE(::lchown(entry.path().c_str(), other, other) == 0);
    REQUIRE(::lchown(world.repository.path().c_str(), other, other) == 0);
    const Ended as_root = world.try_change();
    CHECK_MESSAGE(as_root.exit_code == 0, as_root.out << as_root.err);
    for (const auto& entry : fs::recursive_directory_iterator(world.repository.path() / ".git")) {
        struct stat found {};
        REQUIRE(::lstat(entry.path().c_str(), &found) == 0);
        CHECK_MESSAGE(found.st_uid == other, entry.path());
    }
    CHECK(world.statuses().size() == 2);
    const Ended as_owner = run(
        {heddle_program(), "try", world.repository.path(), "--base", "main", "--head", "change"}, options);
    CHECK_MESSAGE(as_owner.exit_code == 0, as_owner.out << as_owner.err);
}

TEST_CASE("notes that can't be written are said in a sentence with exit 1, unless nobody wants notes") {
    const GoodWorld blob;
    const std::string file = blob.repository.id_of("main:Makefile");
    const GoodWorld below;
    const std::vector<std::pair<const GoodWorld*, std::vector<std::string>>> worlds{
        {&blob, {"update-ref", "refs/notes/heddle", file}},
        {&below, {"update-ref", "refs/notes/heddle/sub", "main"}}};
    for (const auto& [world, obstacle] : worlds) {
        world->repository.git(obstacle);
        const Ended ended = world->try_change();
        CHECK(ended.exit_code == 1);
        CHECK_MESSAGE(
            ended.out.find("the statuses are not in the repository: write the note of ") != std::string::npos,
            ended.out);
        CHECK_MESSAGE(ended.out.ends_with("failed\n"), ended.out);
        const Ended quiet = world->try_change({"--no-notes"});
        CHECK_MESSAGE(quiet.exit_code == 0, quiet.out);
        CHECK_MESSAGE(quiet.out.find("not in the repository") == std::string::npos, quiet.out);
    }
}

TEST_CASE("a leftover lock on the notes ends the try with its reason; the next one goes on") {
    const GoodWorld world;
    const fs::path lock = world.repository.path() / ".git/refs/notes/heddle.lock";
    world.repository.write(".git/refs/notes/heddle.lock", "");
    const Ended ended = world.try_change();
    CHECK(ended.exit_code == 1);
    CHECK_MESSAGE(
        ended.out.find("the statuses are not in the repository: sync_status: ") != std::string::npos,
        ended.out);
    fs::remove(lock);
    const Ended next = world.try_change();
    CHECK_MESSAGE(next.exit_code == 0, next.out);
    CHECK(world.statuses().size() == 2);
}

TEST_CASE("a repository that its owner may not write says so in place of notes") {
    const GoodWorld world;
    for (const auto& entry : fs::recursive_directory_iterator(world.repository.path() / ".git"))
        if (entry.is_directory()) fs::permissions(entry.path(), fs::perms(0555));
    if (::geteuid() == 0) {
        // Root writes where it likes, and works as the owner.
        const passwd* nobody = ::getpwnam("nobody");
        REQUIRE(nobody);
        for (const auto& entry : fs::recursive_directory_iterator(world.repository.path()))
            REQUIRE(::lchown(entry.path().c_str(), nobody->pw_uid, nobody->pw_gid) == 0);
        REQUIRE(::lchown(world.repository.path().c_str(), nobody->pw_uid, nobody->pw_gid) == 0);
    }
    const Ended ended = world.try_change();
    CHECK(ended.exit_code == 1);
    CHECK_MESSAGE(ended.out.find("the statuses are not in the repository: ") != std::string::npos, ended.out);
}

TEST_CASE("a data directory that can't be used is said in one sentence") {
    const GoodWorld world;
    RunOptions options = world.options();
    options.environment["HEDDLE_DATA_DIR"] = "/proc/nowhere";
    const Ended ended = run({heddle_program(), "try", world.repository.path()}, options);
    CHECK(ended.exit_code != 0);
    check_sentence(ended, "/proc/nowhere");
}

TEST_CASE("wrong use of the command line is one sentence and exit 2") {
    const TryWorld world;
    const std::string large = "99999999999999999999";
    const std::vector<std::pair<std::vector<std::string>, std::string>> cases{
        {{"tri"}, "there is no verb \"tri\" (`heddle --help`"},
        {{"--nonsense"}, "there is no option \"--nonsense\""},
        {{"try", "--nonsense"}, "`heddle try` has no option \"--nonsense\""},
        {{"try", "a", "b"}, "\"b\" is an argument too many for `heddle try`"},
        {{"runs"}, "`heddle runs` needs a verb: list, show, follow, rerun and resync"},
        {{"runs", "shwo"}, "`heddle runs` has no verb \"shwo\": it has list, show, follow, rerun and resync"},
        {{"runs", "list", "--nonsense"}, "`heddle runs list` has no option \"--nonsense\""},
        {{"runs", "show"}, "id is required (`heddle runs show --help`"},
        {{"runs", "show", "x"}, "\"x\" is not the number of a run"},
        {{"runs", "show", "-5"}, "\"-5\" is not the number of a run"},
        {{"runs", "show", large}, large + "\" is not the number of a run"},
        {{"jobs", "retry", "0"}, "\"0\" is not the number of a job"},
        {{"deliveries", "list", "--run", "x"}, "--run: \"x\" is not the number of a run"},
        {{"validate"}, "files is required"}};
    for (const auto& [arguments, part] : cases) {
        const Ended ended = world.heddle(arguments);
        CHECK_MESSAGE(ended.exit_code == 2, arguments.front());
        check_sentence(ended, part);
    }
    const Ended file = world.heddle({"validate", "/nonexistent/workflows.yml"});
    CHECK(file.exit_code == 2);
    check_sentence(file, "/nonexistent/workflows.yml");
}

TEST_CASE("a configuration with mistakes is refused with all of them and their lines") {
    const GoodWorld world;
    world.repository.write("heddle.yml", "jobs: { runners: many }\nbilder: { workers: 2 }\n");
    const Ended ended = world.heddle({"runs", "list", "--config", world.repository.path() / "heddle.yml"});
    CHECK(ended.exit_code == 2);
    CHECK_MESSAGE(ended.err.find("heddle.yml:1:") != std::string::npos, ended.err);
    CHECK_MESSAGE(ended.err.find("heddle.yml:2:") != std::string::npos, ended.err);
}

TEST_CASE("an unknown variable is refused as an unknown key is") {
    const TryWorld world;
    RunOptions options = world.options();
    options.environment["HEDDLE_JOBS_RUNNER"] = "4";
    const Ended ended = run({heddle_program(), "runs", "list"}, options);
    CHECK(ended.exit_code == 2);
    check_sentence(ended, "unknown variable HEDDLE_JOBS_RUNNER; known are HEDDLE_JOBS_RUNNERS");
    options.environment["HEDDLE_DATA_DIRR"] = "/x";
    const Ended both = run({heddle_program(), "runs", "list"}, options);
    CHECK(both.exit_code == 2);
    CHECK_MESSAGE(
        both.err.find("unknown variable HEDDLE_DATA_DIRR; the nearest known is HEDDLE_DATA_DIR\n") !=
            std::string::npos,
        both.err);
    CHECK_MESSAGE(both.err.find("HEDDLE_JOBS_RUNNER;") != std::string::npos, both.err);
}

TEST_CASE("what is not there is wrong use, whatever it is") {
    const TryWorld world;
    const std::vector<std::pair<std::vector<std::string>, std::string>> cases{
        {{"runs", "show", "7"}, "there is no run 7"},
        {{"jobs", "retry", "7"}, "there is no job 7"},
        {{"project", "show", "nowhere"}, "there is no project nowhere"},
        {{"project", "delete", "nowhere"}, "there is no project nowhere"},
        {{"package", "list", "nowhere"}, "there is no project nowhere"},
        {{"package", "show", "nowhere/x"}, "there is no package nowhere/x"},
        {{"package", "log", "nowhere/x"}, "there is no package nowhere/x"}};
    for (const auto& [arguments, part] : cases) {
        const Ended ended = world.heddle(arguments);
        CHECK_MESSAGE(ended.exit_code == 2, part);
        check_sentence(ended, part);
    }
}

TEST_CASE("a source that git can't be fetched from is wrong use, and its password is not told") {
    const TryWorld world;
    for (const char* url : {"https://me:geheim@127.0.0.1:1/x",
                            "https://me:geheim@127.0.0.1:1/x#main",
                            "ssh://me:geheim@host/x"}) {
        const Ended ended = world.heddle({"package", "create", "demo/hello", "--git", url});
        CHECK(ended.exit_code == 2);
        check_sentence(ended, "--git: ");
        CHECK_MESSAGE(ended.err.find("geheim") == std::string::npos, ended.err);
    }
    const Ended program = world.heddle({"package", "create", "demo/hello", "--git", "ext::sh -c id"});
    CHECK(program.exit_code == 2);
    check_sentence(program, "--git: the URL names a program to fetch with");
}

TEST_CASE("a database.url that is none is wrong use with its place, and its password is not told") {
    const TryWorld world;
    RunOptions options = world.options();
    for (const char* url : {"nonsense",
                            "postgresql://me:ge%zzheim@127.0.0.1:1/x",
                            "postgresql://me:a@zzheim@127.0.0.1:1/x",
                            "postgresql://me:a/zzheim@127.0.0.1:1/x",
                            "postgresql://me:zzheim@127.0.0.1:port/x",
                            "postgresql://me:zzheim@127.0.0.1:1/x?sslmoed=require",
                            "postgresql://me:zzheim@127.0.0.1:1/x?sslmode=perhaps"}) {
        CAPTURE(url);
        options.environment["HEDDLE_DATABASE_URL"] = url;
        const Ended ended = run({heddle_program(), "runs", "list"}, options);
        CHECK(ended.exit_code == 2);
        check_sentence(ended, "database.url (HEDDLE_DATABASE_URL): ");
        CHECK_MESSAGE(ended.err.find("zzheim") == std::string::npos, ended.err);
    }
}

TEST_CASE("a database that can't be reached is said with the option that names it, without its password") {
    const TryWorld world;
    RunOptions options = world.options();
    const std::string url = "postgresql://me:geheim@127.0.0.1:1/x";
    options.environment["HEDDLE_DATABASE_URL"] = url;
    const auto refused = [&](const std::string& verb, const std::string& place) {
        const Ended ended = run({"sh", "-c", "\"$0\" " + verb, heddle_program()}, options);
        CHECK(ended.exit_code == 1);
        check_sentence(ended, "heddle: database.url (" + place + "): no connection to the database: ");
        CHECK_MESSAGE(ended.err.find("Connection refused") != std::string::npos, ended.err);
        CHECK_MESSAGE(ended.err.find("geheim") == std::string::npos, ended.err);
        CHECK_MESSAGE(ended.err.find("Is the server") == std::string::npos, ended.err);
    };
    for (const char* verb : {"runs list", "migrate", "token list", "serve"})
        refused(verb, "HEDDLE_DATABASE_URL");
    const Ended doctor = run({heddle_program(), "doctor"}, options);
    CHECK(doctor.exit_code == 1);
    CHECK_MESSAGE(
        doctor.out.find("mend  database        database.url (HEDDLE_DATABASE_URL): no connection") !=
            std::string::npos,
        doctor.out);
    options.environment.erase("HEDDLE_DATABASE_URL");
    const std::string file = world.repository.path() / "heddle.yml";
    world.repository.write("heddle.yml", "database:\n  url: " + url + "\n");
    refused("runs list --config " + file, file + ":2:8");
}

TEST_CASE("a verb that prints no JSON refuses --json") {
    const TryWorld world;
    for (const std::vector<std::string>& arguments : {std::vector<std::string>{"try", "--json"},
                                                      {"--json", "validate", "a.yml"},
                                                      {"migrate", "--json"},
                                                      {"serve", "--json"},
                                                      {"runs", "follow", "1", "--json"}}) {
        const Ended ended = world.heddle(arguments);
        CHECK(ended.exit_code == 2);
        check_sentence(ended, "--json: `heddle ");
    }
    const Ended help = world.heddle({"runs", "list", "--help"});
    CHECK_MESSAGE(help.out.find("--config FILE, --json") != std::string::npos, help.out);
}

TEST_CASE("an answer that can't be written is no success") {
    const TryWorld world;
    for (const char* verb : {"version", "runs list", "runs list --json", "completion", "--help"}) {
        const Ended ended = run(
            {"sh", "-c", "\"$0\" " + std::string(verb) + " > /dev/full", heddle_program()}, world.options());
        CHECK_MESSAGE(ended.exit_code == 1, verb);
        check_sentence(ended, "the result can't be written to the standard output");
    }
}
