// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace heddle::testing {

/// A fresh database with the whole schema, dropped with the object. The server behind it is made when the
/// first one is asked for (do that on the main thread: the server lives as long as the thread that started
/// it), serves this test process only and ends with it, however it ends. Throws when it can't be made.
///
///     TestDatabase db;
///     Pool pool(db.url(), 4);
class TestDatabase {
public:
    enum class Content { Schema, Nothing };

    explicit TestDatabase(Content content = Content::Schema);
    ~TestDatabase();
    TestDatabase(const TestDatabase&) = delete;
    TestDatabase& operator=(const TestDatabase&) = delete;

    const std::string& name() const { return name_; }
    std::string url() const;

private:
    std::string name_;
};

/// Forgets everything that was sent to the server and not written yet, as a power cut of its machine would:
/// kills the server's processes with SIGKILL and starts it again. Connections break.
void crash_and_restart_server();

}  // namespace heddle::testing
