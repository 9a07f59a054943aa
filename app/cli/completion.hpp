// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace heddle {

/// An option as completion sees it.
struct CompletionOption {
    /// Word: one of `words`, or unknown where there are none. LocalRepository: one that this machine builds.
    enum class Value { None, Word, File, Branch, LocalRepository };
    std::string name;  // "--head"
    Value value = Value::None;
    std::vector<std::string> words;
};

/// A verb as completion sees it.
struct CompletionWord {
    std::string name;
    std::vector<CompletionOption> options;
    std::vector<CompletionWord> children;
    CompletionOption::Value argument = CompletionOption::Value::None;
};

/// A bash script that completes verbs and their actions, options behind a '-', the values of options, and
/// files otherwise. Options of `program` itself may stand anywhere.
std::string completion_script(const CompletionWord& program);

}  // namespace heddle
