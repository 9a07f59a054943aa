// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "workflows/model/definition_node.hpp"
#include "workflows/model/problem.hpp"

namespace heddle {

class Step;

// One maker per step, each in the file of its step. `key` is the step's name, `instructions` a mapping. A
// maker adds every problem that it finds; what it returns counts only when it found none.

std::shared_ptr<const Step> make_branch_package(const DefinitionNode& key,
                                                const DefinitionNode& instructions,
                                                Problems& problems);
std::shared_ptr<const Step> make_link_package(const DefinitionNode& key,
                                              const DefinitionNode& instructions,
                                              Problems& problems);
std::shared_ptr<const Step> make_configure_repositories(const DefinitionNode& key,
                                                        const DefinitionNode& instructions,
                                                        Problems& problems);
std::shared_ptr<const Step> make_rebuild_package(const DefinitionNode& key,
                                                 const DefinitionNode& instructions,
                                                 Problems& problems);
std::shared_ptr<const Step> make_trigger_services(const DefinitionNode& key,
                                                  const DefinitionNode& instructions,
                                                  Problems& problems);
std::shared_ptr<const Step> make_set_flags(const DefinitionNode& key,
                                           const DefinitionNode& instructions,
                                           Problems& problems);
std::shared_ptr<const Step> make_link_project(const DefinitionNode& key,
                                              const DefinitionNode& instructions,
                                              Problems& problems);
std::shared_ptr<const Step> make_submit_request(const DefinitionNode& key,
                                                const DefinitionNode& instructions,
                                                Problems& problems);

}  // namespace heddle
