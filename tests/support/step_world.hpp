// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tests/fakes/fake_build_service.hpp"
#include "tests/fakes/fake_run_log.hpp"
#include "tests/support/nodes.hpp"
#include "workflows/steps/step.hpp"

namespace heddle::test {

/// Everything that a step can reach, in memory, with one journal for all of it.
struct StepWorld {
    std::shared_ptr<CallJournal> journal = std::make_shared<CallJournal>();
    FakeBuildService builds{journal};
    FakeRunLog log{journal};
    std::string run_mark = "heddle run 12";
    std::string token_label;

    StepOutcome run(const Step& step, const ScmEvent& event);
    /// The sentence that a step fails with; "" if it does not fail.
    std::string failure_of(const Step& step, const ScmEvent& event);
    /// Is `first` in the journal, and `second` somewhere after it?
    bool in_order(const std::string& first, const std::string& second) const;
};

/// A step from right instructions; throws std::logic_error when they are wrong.
std::shared_ptr<const Step> a_step(const std::string& name,
                                   const std::vector<std::pair<std::string, DefinitionNode>>& instructions);

}  // namespace heddle::test
