// SPDX-License-Identifier: Apache-2.0
#include "tests/fakes/fake_reporter.hpp"

namespace heddle::test {
namespace {

std::string words(const CommitStatus& status) {
    return std::string(to_string(status.state)) + " " + status.text;
}

}  // namespace

std::string FakeReporter::showing(const std::string& commit_sha, const std::string& context) const {
    const std::lock_guard lock(mutex_);
    for (const auto& [place, status] : shown_)
        if (std::get<1>(place) == commit_sha && std::get<2>(place) == context) return words(status);
    return "";
}

void FakeReporter::report(const CommitStatus& status, const ForgeAccess&) {
    journal_.start("report", status.commit_sha + " " + status.context + ": " + words(status));
    {
        const std::lock_guard lock(mutex_);
        shown_[{status.repository, status.commit_sha, status.context}] = status;
    }
    journal_.end("report");
}

std::optional<CommitStatus> FakeReporter::shown(const CommitStatus& status, const ForgeAccess&) {
    journal_.start("shown", status.commit_sha + " " + status.context);
    std::optional<CommitStatus> shown;
    {
        const std::lock_guard lock(mutex_);
        const auto found = shown_.find({status.repository, status.commit_sha, status.context});
        if (found != shown_.end()) shown = found->second;
    }
    journal_.end("shown");
    return shown;
}

bool FakeReporter::shows(const CommitStatus& shown, const CommitStatus& wanted) const {
    return shown.state == wanted.state && shown.text == wanted.text && shown.url == wanted.url;
}

}  // namespace heddle::test
