// SPDX-License-Identifier: Apache-2.0
#include "app/cli/parse_trouble.hpp"

#include <CLI/CLI.hpp>
#include <vector>

#include "workflows/model/wording.hpp"

namespace heddle {
namespace {

/// The verb that parsing came to.
struct Reached {
    const CLI::App* app;
    std::string path;  // "heddle runs list"
};

Reached reached_by(const CLI::App& program) {
    Reached reached{&program, program.get_name()};
    for (std::vector<CLI::App*> next = program.get_subcommands(); !next.empty();
         next = reached.app->get_subcommands()) {
        reached.app = next.front();
        reached.path += " " + reached.app->get_name();
    }
    return reached;
}

std::vector<std::string> verbs_of(const CLI::App& app) {
    std::vector<std::string> names;
    for (const CLI::App* child :
         app.get_subcommands([](const CLI::App* a) { return !a->get_group().empty(); }))
        names.push_back(child->get_name());
    return names;
}

std::string about_unknown(const CLI::App& program, const Reached& reached, const std::string& word) {
    const std::string place = "`" + reached.path + "`";
    const bool at_top = reached.app == &program;
    if (word.size() > 1 && word.front() == '-')
        return at_top ? "there is no option " + heddle::quoted(word)
                      : place + " has no option " + heddle::quoted(word);
    const std::vector<std::string> verbs = verbs_of(*reached.app);
    if (verbs.empty()) return heddle::quoted(word) + " is an argument too many for " + place;
    if (at_top) return "there is no verb " + heddle::quoted(word);
    return place + " has no verb " + heddle::quoted(word) + ": it has " + in_words(verbs);
}

std::string what_is_wrong(const CLI::App& program, const Reached& reached, const CLI::ParseError& error) {
    const bool lacks_something = dynamic_cast<const CLI::RequiredError*>(&error) != nullptr;
    // An unknown verb is also one that is missing: CLI11 tells only the latter.
    if (lacks_something || dynamic_cast<const CLI::ExtrasError*>(&error))
        for (const std::string& word : program.remaining(true))
            if (word != "--") return about_unknown(program, reached, word);
    const std::vector<std::string> verbs = verbs_of(*reached.app);
    if (lacks_something && !verbs.empty())
        return "`" + reached.path + "` needs a verb" +
               (reached.app == &program ? "" : ": " + in_words(verbs));
    return one_line(error.what());
}

}  // namespace

std::string describe_trouble(const CLI::App& program, const CLI::ParseError& error) {
    const Reached reached = reached_by(program);
    return what_is_wrong(program, reached, error) + " (`" + reached.path + " --help` tells more)";
}

}  // namespace heddle
