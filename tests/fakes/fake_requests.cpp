// SPDX-License-Identifier: Apache-2.0
// The requests of the fake build service.
#include <algorithm>

#include "tests/fakes/fake_build_service.hpp"
#include "workflows/model/remote_error.hpp"

namespace heddle::test {

void FakeBuildService::set_request(std::int64_t number, const std::string& state) {
    const std::lock_guard lock(mutex_);
    requests_.at(number).state = state;
}

std::map<std::int64_t, FakeRequest> FakeBuildService::requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
}

bool FakeBuildService::end_request(std::int64_t number,
                                   const std::string& state,
                                   const std::string& comment) {
    const auto found = requests_.find(number);
    if (found == requests_.end() || !is_open_request(found->second.state)) return false;
    found->second.state = state;
    found->second.comment = comment;
    return true;
}

Request FakeBuildService::create_request(const NewRequest& wanted) {
    const std::string between = to_string(wanted.source) + " -> " + to_string(wanted.target);
    return call("create_request", between, [&] {
        const std::string doing = "submit " + to_string(wanted.source) + " to " + to_string(wanted.target);
        const FakePackage& source = require_package(wanted.source, doing);
        require_project(wanted.target.project, doing);
        const SourceRevision present = source.history.back().revision;
        for (const auto& [number, made] : requests_) {
            const bool same = made.wanted.source == wanted.source && made.wanted.target == wanted.target;
            const bool alike =
                std::find(wanted.alike.begin(), wanted.alike.end(), number) != wanted.alike.end();
            if (same && (made.wanted.run == wanted.run ||
                         (alike && is_open_request(made.state) && made.revision == present)))
                return Request{number, made.state, made.comment};
        }
        const FakePackage* target = find_package(wanted.target);
        if (target != nullptr && target->files == source.files && !source.files.empty())
            throw RemoteError(RemoteError::Kind::GiveUp, doing, "the sources are the same");
        const auto number = static_cast<std::int64_t>(requests_.size()) + 1;
        requests_[number] = {wanted, present, "new", ""};
        return Request{number, "new", ""};
    });
}

std::optional<Request> FakeBuildService::find_request(std::int64_t number) {
    return call("find_request", std::to_string(number), [&]() -> std::optional<Request> {
        const auto found = requests_.find(number);
        if (found == requests_.end()) return std::nullopt;
        return Request{number, found->second.state, found->second.comment};
    });
}

bool FakeBuildService::supersede_request(std::int64_t number, std::int64_t by) {
    return call("supersede_request", std::to_string(number) + " by " + std::to_string(by), [&] {
        return end_request(number, "superseded", "by request " + std::to_string(by));
    });
}

bool FakeBuildService::revoke_request(std::int64_t number, const std::string& comment) {
    return call("revoke_request", std::to_string(number) + " (" + comment + ")", [&] {
        return end_request(number, "revoked", comment);
    });
}

}  // namespace heddle::test
