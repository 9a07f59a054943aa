// SPDX-License-Identifier: Apache-2.0
// The verbs about webhooks as they came in.
#include <CLI/CLI.hpp>

#include "app/cli/command_line.hpp"
#include "app/cli/id_argument.hpp"

namespace heddle {
void CommandLine::add_deliveries() {
    CLI::App* added =
        family("deliveries", "what forges sent, and what became of it", "deliveries list --verdict rejected");
    using Action = DeliveriesArguments::Action;
    CLI::App* list = action(added,
                            deliveries_,
                            Action::List,
                            "list",
                            "deliveries, newest first",
                            "deliveries list --verdict rejected --limit 5");
    list->add_option("--verdict", deliveries_.verdict, "only these: accepted, ignored, duplicate or rejected")
        ->check(CLI::IsMember({"accepted", "ignored", "duplicate", "rejected"}))
        ->type_name("VERDICT");
    list->add_option("--token", deliveries_.token, "only those to this token")
        ->check([](const std::string& text) { return why_no_id(text, "token"); })
        ->type_name("ID");
    list->add_option("--run", deliveries_.run, "only those that started this run or an attempt of it")
        ->check([](const std::string& text) { return why_no_id(text, "run"); })
        ->type_name("ID");
    list->add_option("--repository", deliveries_.repository, "only those from this repository")
        ->type_name("OWNER/NAME");
    list->add_option("--limit", deliveries_.limit, "so many at most (default: 20)")
        ->check(CLI::Range(1, 10'000))
        ->type_name("N");
    CLI::App* show = action(added,
                            deliveries_,
                            Action::Show,
                            "show",
                            "one delivery: verdict, headers, event",
                            "deliveries show 12");
    add_id_argument(show, deliveries_.id, "delivery");
    show->add_flag("--body", deliveries_.body, "print the body as it came, and nothing else");
}

void CommandLine::add_replay() {
    CLI::App* added = verb(*app_, "replay", "take a stored delivery in again, as a new one", "replay 12");
    add_id_argument(added, replay_.id, "delivery");
    added->add_flag("--force", replay_.force, "also one that a later delivery made an old one");
    choose(added, replay_);
}

}  // namespace heddle
