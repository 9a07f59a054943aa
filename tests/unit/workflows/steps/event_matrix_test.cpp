// SPDX-License-Identifier: Apache-2.0
#include "workflows/steps/event_matrix.hpp"

#include <doctest/doctest.h>

#include <map>

#include "tests/support/events.hpp"
#include "tests/support/step_world.hpp"

using namespace heddle;
using namespace heddle::test;

namespace {

constexpr const char* kProject = "base:openSUSE:repo123:PR-1";

std::shared_ptr<const Step> sample(const std::string& name) {
    if (name == "configure_repositories")
        return a_step(
            name,
            {{"project", text("base")},
             {"repositories",
              list({map({{"name", text("r")}, {"paths", list({})}, {"architectures", list({})}})})}});
    if (name == "set_flags")
        return a_step(name,
                      {{"flags",
                        list({map({{"type", text("build")},
                                   {"status", text("disable")},
                                   {"project", text("base")},
                                   {"package", text("hello")}})})}});
    if (name == "rebuild_package" || name == "trigger_services")
        return a_step(name, {{"project", text("base")}, {"package", text("hello")}});
    return a_step(name,
                  {{"source_project", text("src")},
                   {"source_package", text("hello")},
                   {"target_project", text("base")}});
}

/// "what target [subscribes]"
std::string planned(const std::string& step, const ScmEvent& event) {
    const auto plans = sample(step)->plan(event);
    REQUIRE(plans.size() == 1);
    const StepPlan& plan = plans.front();
    std::string line = std::string(to_string(plan.action)) + " " + plan.target.project;
    if (!plan.target.package.empty()) line += "/" + plan.target.package;
    return plan.subscribes ? line + " subscribes" : line;
}

/// The matrix of reference 6.2: what each step is planned to do for each event.
std::map<std::string, std::string> matrix_of(const std::string& step) {
    const std::string pr = kProject;
    if (step == "branch_package" || step == "link_package") {
        const std::string make = "create or update " + pr + "/hello subscribes";
        const std::string drop = "delete project " + pr;
        return {{"opened", make},
                {"updated", make},
                {"labeled", make},
                {"reopened", "restore project " + pr + "/hello subscribes"},
                {"closed", drop},
                {"merged", drop},
                {"unlabeled", drop},
                {"push", "create or update base/hello-456 subscribes"},
                {"tag_push", "create or update base/hello-release_abc"}};
    }
    if (step == "link_project") {
        const std::string link = "link project " + pr, unlink = "unlink project " + pr;
        return {{"opened", link},
                {"updated", link},
                {"labeled", link},
                {"reopened", link},
                {"closed", unlink},
                {"merged", unlink},
                {"unlabeled", unlink},
                {"push", "link project base"},
                {"tag_push", "link project base"}};
    }
    if (step == "submit_request") {
        const std::string submit = "submit request base/hello", revoke = "revoke requests base/hello";
        return {{"opened", submit + " subscribes"},
                {"updated", submit + " subscribes"},
                {"labeled", submit + " subscribes"},
                {"reopened", submit + " subscribes"},
                {"closed", revoke},
                {"merged", revoke},
                {"unlabeled", revoke},
                {"push", submit + " subscribes"},
                {"tag_push", submit}};
    }
    const bool suffixed = step == "set_flags" || step == "configure_repositories";
    const std::string what = step == "configure_repositories" ? "configure repositories "
                             : step == "set_flags"            ? "set flags "
                             : step == "rebuild_package"      ? "rebuild "
                                                              : "run services ";
    const std::string promise = suffixed ? "" : " subscribes";
    const std::string package = step == "configure_repositories" ? "" : "/hello";
    const std::string in_pr = (suffixed ? pr : "base") + package;
    const auto in_base = [&](const std::string& suffix) {
        return "base" + (step == "set_flags" ? package + suffix : package);
    };
    std::map<std::string, std::string> row;
    for (const std::string event : {"opened", "updated", "labeled"}) row[event] = what + in_pr + promise;
    for (const std::string event : {"reopened", "closed", "merged", "unlabeled"})
        row[event] = "nothing " + in_pr;
    row["push"] = what + in_base("-456") + promise;
    row["tag_push"] = what + in_base("-release_abc");
    return row;
}

}  // namespace

TEST_CASE("each step plans for each event what the matrix says") {
    int cells = 0;
    for (const std::string step : {"branch_package",
                                   "link_package",
                                   "configure_repositories",
                                   "rebuild_package",
                                   "trigger_services",
                                   "set_flags",
                                   "link_project",
                                   "submit_request"}) {
        const auto row = matrix_of(step);
        for (const auto& [name, event] : all_events()) {
            CAPTURE(step);
            CAPTURE(name);
            CHECK(planned(step, event) == row.at(name));
            ++cells;
        }
    }
    CHECK(cells == 72);
}

TEST_CASE("an event that is neither pull request nor push plans nothing") {
    ScmEvent event = a_push();
    event.event_class = EventClass::Ping;
    CHECK(planned("branch_package", event) == "nothing base/hello");
    CHECK(planned("trigger_services", event) == "nothing base/hello");
}

TEST_CASE("what is planned as nothing asks nobody") {
    for (const std::string step :
         {"configure_repositories", "rebuild_package", "trigger_services", "set_flags"}) {
        for (PullRequestKind kind : {PullRequestKind::Reopened,
                                     PullRequestKind::Closed,
                                     PullRequestKind::Merged,
                                     PullRequestKind::Unlabeled}) {
            CAPTURE(step);
            StepWorld world;
            const StepOutcome outcome = world.run(*sample(step), a_pull_request(kind));
            CHECK(outcome.status == StepOutcome::Status::NotApplicable);
            CHECK(outcome.message == "nothing to do when a pull request is " + std::string(to_string(kind)));
            CHECK(world.journal->lines().empty());
        }
    }
}

TEST_CASE("the plan of set_flags names each project and package once") {
    const auto flag = [](const std::string& package) {
        return map({{"type", text("build")},
                    {"status", text("disable")},
                    {"project", text("base")},
                    {"package", text(package)}});
    };
    const auto step =
        a_step("set_flags", {{"flags", list({flag("a"), flag(""), flag("a"), flag("b"), flag("")})}});
    const auto plans = step->plan(a_push());
    REQUIRE(plans.size() == 3);
    CHECK(plans[0].target == PackageRef{"base", "a-456"});
    CHECK(plans[1].target == PackageRef{"base", ""});
    CHECK(plans[2].target == PackageRef{"base", "b-456"});
}
