// SPDX-License-Identifier: Apache-2.0
// A builder whose database is full, away or refuses: no build is lost, counted as a death, or left building.
#include <doctest/doctest.h>

#include <chrono>

#include "tests/flow/builder/build_world.hpp"

using namespace heddle;
using namespace heddle::test;
namespace fs = std::filesystem;

namespace {

// What a trigger refuses while somebody holds the lock. Refusals are counted though they are rolled back.
constexpr int kGate = 4711;
constexpr const char* kRefuse = R"sql(
    CREATE SEQUENCE refusals MINVALUE 0 START 0;
    SELECT nextval('refusals');
    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN
        IF NOT pg_try_advisory_xact_lock_shared(4711) THEN
            PERFORM nextval('refusals');
            RAISE EXCEPTION 'not now' USING ERRCODE = TG_ARGV[0], HINT = 'Look at the log.';
        END IF;
        RETURN NEW;
    END $body$)sql";
constexpr const char* kEnds = R"sql(
    CREATE TRIGGER refuse_end BEFORE UPDATE ON bs_builds FOR EACH ROW
    WHEN (OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL) EXECUTE FUNCTION refuse('53100'))sql";
constexpr const char* kSuccess = R"sql(
    CREATE TRIGGER refuse_end BEFORE UPDATE ON bs_builds FOR EACH ROW
    WHEN (NEW.state = 'succeeded') EXECUTE FUNCTION refuse('P0001'))sql";
constexpr const char* kLogIsAway = R"sql(
    CREATE TRIGGER refuse_log BEFORE INSERT ON bs_log_chunks FOR EACH ROW EXECUTE FUNCTION refuse('57P03'))sql";
constexpr const char* kLogIsRefused = R"sql(
    CREATE TRIGGER refuse_log BEFORE INSERT ON bs_log_chunks FOR EACH ROW EXECUTE FUNCTION refuse('P0001'))sql";

/// A world whose database refuses something until it is let.
class RefusingWorld : public BuildWorld {
public:
    explicit RefusingWorld(const char* what) : connection_(url()), gate_(connection_) {
        in_transaction(pool(), [&](pqxx::work& tx) {
            tx.exec(kRefuse);
            tx.exec(what);
        });
        gate_.exec("SELECT pg_advisory_xact_lock(" + std::to_string(kGate) + ")");
        start_builder();
    }

    int refusals() { return gate_.exec("SELECT last_value FROM refusals")[0][0].as<int>(); }
    EndedBuild wait_for_refusals(std::int64_t id, int count) {
        return wait_until(id, [&](const EndedBuild&) { return refusals() >= count; });
    }
    void let() { gate_.commit(); }

private:
    pqxx::connection connection_;
    pqxx::work gate_;
};

}  // namespace

TEST_CASE("a database that stays full delays the end of a build, which is built and recorded once") {
    RefusingWorld world(kEnds);
    const auto id = world.build_script("true");
    const EndedBuild waiting = world.wait_for_refusals(id, 8);
    CHECK(waiting.state == "building");
    CHECK(fs::is_empty(world.builds()));  // what fills the disk may be the build itself
    world.let();
    const EndedBuild ended = world.ended(id);
    CHECK(ended.state == "succeeded");
    CHECK(ended.event == "build_success");
    CHECK(ended.tries == 1);
}

TEST_CASE("a builder that is told to end while the database is full gives its build back uncounted") {
    RefusingWorld world(kEnds);
    const auto id = world.build_script("true");
    world.wait_for_refusals(id, 7);
    const auto before = std::chrono::steady_clock::now();
    world.stop_builders();
    CHECK(std::chrono::steady_clock::now() - before < std::chrono::seconds(10));
    const EndedBuild left = world.look(id);
    CHECK(left.state == "scheduled");
    CHECK(left.tries == 0);
}

TEST_CASE("a database that goes away in mid-build costs no try") {
    RefusingWorld world(kLogIsAway);
    const auto id = world.build_script("true");
    world.wait_for_refusals(id, 1);
    world.let();
    const EndedBuild ended = world.ended(id);
    CHECK(ended.state == "succeeded");
    CHECK(ended.tries == 1);
}

TEST_CASE("what the database refuses for good ends the build with the reason, and no commit is blamed") {
    const char* what = kLogIsRefused;
    std::string why = "the database refused what the builder wrote: ERROR:  not now";
    SUBCASE("the log") {}
    SUBCASE("the end") {
        what = kSuccess;
        why = "the database refused the end \"succeeded\": ERROR:  not now";
    }
    RefusingWorld world(what);
    const EndedBuild ended = world.ended(world.build_script("true"));
    CHECK(ended.event == "build_withdrawn");
    CHECK_MESSAGE(ended.details.starts_with(why), ended.details);
    CHECK(ended.tries == 1);
}
