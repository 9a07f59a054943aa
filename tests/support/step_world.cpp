// SPDX-License-Identifier: Apache-2.0
#include "tests/support/step_world.hpp"

#include <algorithm>
#include <stdexcept>

#include "workflows/model/remote_error.hpp"
#include "workflows/steps/step_kinds.hpp"

namespace heddle::test {

StepOutcome StepWorld::run(const Step& step, const ScmEvent& event) {
    const StepPlace place{"ci", 0, "step", 4};
    log.commit_sha = event.commit_sha;
    return step.run({event, place, builds, log, run_mark, token_label});
}

std::string StepWorld::failure_of(const Step& step, const ScmEvent& event) {
    try {
        run(step, event);
    } catch (const RemoteError& error) {
        return error.what();
    }
    return {};
}

bool StepWorld::in_order(const std::string& first, const std::string& second) const {
    const auto lines = journal->lines();
    const auto at = std::find(lines.begin(), lines.end(), first);
    return at != lines.end() && std::find(at, lines.end(), second) != lines.end();
}

std::shared_ptr<const Step> a_step(const std::string& name,
                                   const std::vector<std::pair<std::string, DefinitionNode>>& instructions) {
    Problems problems;
    auto step = make_step(text(name, 4, 7), map(instructions, 4), problems);
    if (step == nullptr) throw std::logic_error(problems.front().message);
    return step;
}

}  // namespace heddle::test
