// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "workflows/model/problem.hpp"

namespace heddle {

class Step;
struct ScmEvent;

/// A list filter: `only` wins over `ignore` where both are given (decision D10).
struct NameFilter {
    std::vector<std::string> only;
    std::vector<std::string> ignore;
    int line = 0;  // of the filter's name, as the column
    int column = 0;
    int only_line = 0;
    int ignore_line = 0;
};

struct Filters {
    struct Event {
        std::string name;  // any text is accepted; unknown names never match
        int line = 0;
    };
    std::optional<Event> event;
    std::optional<NameFilter> branches;
    std::optional<NameFilter> labels;
};

struct DefinedStep {
    std::string name;
    int line = 0;
    std::shared_ptr<const Step> step;
};

struct Workflow {
    std::string name;
    int line = 0;
    Filters filters;
    std::vector<DefinedStep> steps;
};

/// A parsed and checked workflows.yml. Exists only without problems.
struct Definition {
    bool merge_request_alias = true;  // from version 1.1 on (reference 5.3)
    std::vector<Workflow> workflows;
};

/// Either a definition or the problems that kept it from being one; warnings may accompany a definition.
struct ParsedDefinition {
    std::optional<Definition> definition;
    Problems problems;
    Problems warnings;  // accepted as OBS does, but surely not meant so
};

/// Parses and checks a file against one event (whose values replace the placeholders). Pure; never throws for
/// anything in `text`: it is hostile input. All problems at once, in order of place.
ParsedDefinition parse_definition(const std::string& text, const ScmEvent& event);

/// The same without an event, for `validate`: placeholders stand for names that are always valid.
ParsedDefinition check_definition(const std::string& text);

}  // namespace heddle
