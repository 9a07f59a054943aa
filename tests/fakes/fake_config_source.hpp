// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <mutex>
#include <optional>
#include <string>

#include "tests/fakes/call_journal.hpp"
#include "workflows/ports/config_source.hpp"

namespace heddle::test {

/// One configuration file (or none) for every event. "read <path>" goes into the journal, where a test can
/// stop it or break it.
class FakeConfigSource final : public ConfigSource {
public:
    CallJournal& journal() { return journal_; }

    void set_file(std::optional<std::string> text) {
        const std::lock_guard lock(mutex_);
        text_ = std::move(text);
    }

    std::optional<std::string> read(const ScmEvent&, const std::string& path, const ForgeAccess&) override {
        journal_.start("read", path);
        journal_.end("read");
        const std::lock_guard lock(mutex_);
        return text_;
    }

private:
    CallJournal journal_;
    std::mutex mutex_;
    std::optional<std::string> text_;
};

}  // namespace heddle::test
