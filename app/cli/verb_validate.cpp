// SPDX-License-Identifier: Apache-2.0
#include <iostream>
#include <string>

#include "app/cli/configuration.hpp"
#include "app/cli/input_file.hpp"
#include "app/cli/verbs.hpp"
#include "workflows/definition/definition.hpp"

namespace heddle {
namespace {

// A byte more than a workflow file may have: enough for the parser to say that it is too large.
constexpr std::size_t kMostRead = 128 * 1024 + 1;

void print(const std::string& path, const Problems& problems, const char* kind) {
    for (const Problem& problem : problems) {
        std::cout << path << ':';
        if (problem.line > 0) std::cout << problem.line << ':' << problem.column << ':';
        std::cout << ' ' << kind << problem.message << '\n';
    }
}

std::string count(std::size_t number, const std::string& noun) {
    return std::to_string(number) + " " + noun + (number == 1 ? "" : "s");
}

bool validate(const std::string& path) {
    const ParsedDefinition parsed = check_definition(read_input_file(path, kMostRead));
    print(path, parsed.problems, "");
    print(path, parsed.warnings, "warning: ");
    if (!parsed.definition) return false;
    std::size_t steps = 0;
    for (const Workflow& workflow : parsed.definition->workflows) steps += workflow.steps.size();
    std::cout << path << ": ok, " << count(parsed.definition->workflows.size(), "workflow") << ", "
              << count(steps, "step") << '\n';
    return true;
}

}  // namespace

int run_validate(const GlobalArguments& global, const ValidateArguments& arguments) {
    refuse_json(global, "validate");
    refuse_try(global, "validate");
    bool all_good = true;
    for (const std::string& path : arguments.files) {
        try {
            all_good = validate(path) && all_good;
        } catch (const Unreadable& reason) {
            std::cerr << reason.what() << '\n';
            all_good = false;
        }
    }
    return all_good ? 0 : 2;
}

}  // namespace heddle
