// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace heddle {

/// A verb as completion sees it.
struct CompletionWord {
    std::string name;
    std::vector<std::string> options;
    std::vector<CompletionWord> children;
};

/// A bash script that completes verbs, their actions and options, and files otherwise.
std::string completion_script(const CompletionWord& program);

}  // namespace heddle
