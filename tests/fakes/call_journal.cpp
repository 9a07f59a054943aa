// SPDX-License-Identifier: Apache-2.0
#include "tests/fakes/call_journal.hpp"

#include <chrono>
#include <stdexcept>

namespace heddle::test {
namespace {

constexpr std::chrono::seconds kPatience{20};

}  // namespace

void CallJournal::block(const std::string& verb, At at) {
    const std::lock_guard lock(mutex_);
    gates_[{verb, at}] = Gate::Closed;
}

void CallJournal::await_blocked(const std::string& verb, At at) {
    std::unique_lock lock(mutex_);
    const auto waits = [&] {
        const auto gate = gates_.find({verb, at});
        return gate != gates_.end() && gate->second == Gate::Waiting;
    };
    if (!changed_.wait_for(lock, kPatience, waits))
        throw std::runtime_error("no call of " + verb + " came to its gate");
}

void CallJournal::release(const std::string& verb, At at) {
    const std::lock_guard lock(mutex_);
    const auto gate = gates_.find({verb, at});
    if (gate == gates_.end()) throw std::runtime_error(verb + " has no gate");
    if (gate->second == Gate::Closed)
        gates_.erase(gate);
    else
        gate->second = Gate::Open;
    changed_.notify_all();
}

void CallJournal::fail(const std::string& verb, const RemoteError& error, At at) {
    const std::lock_guard lock(mutex_);
    failures_.insert_or_assign({verb, at}, error);
}

std::vector<std::string> CallJournal::lines() const {
    const std::lock_guard lock(mutex_);
    return lines_;
}

std::vector<std::string> CallJournal::lines_of(const std::string& verb) const {
    std::vector<std::string> found;
    for (const std::string& line : lines())
        if (line == verb || line.starts_with(verb + " ")) found.push_back(line);
    return found;
}

void CallJournal::clear() {
    const std::lock_guard lock(mutex_);
    lines_.clear();
}

void CallJournal::start(const std::string& verb, const std::string& arguments) {
    {
        const std::lock_guard lock(mutex_);
        lines_.push_back(arguments.empty() ? verb : verb + " " + arguments);
    }
    obey({verb, At::Start});
}

void CallJournal::obey(const Point& point) {
    std::unique_lock lock(mutex_);
    if (const auto gate = gates_.find(point); gate != gates_.end() && gate->second == Gate::Closed) {
        gate->second = Gate::Waiting;
        changed_.notify_all();
        const bool opened =
            changed_.wait_for(lock, kPatience, [&] { return gates_.at(point) == Gate::Open; });
        gates_.erase(point);
        if (!opened) throw std::runtime_error("nobody released " + point.first);
    }
    const auto failure = failures_.find(point);
    if (failure == failures_.end()) return;
    const RemoteError error = failure->second;
    failures_.erase(failure);
    throw error;
}

}  // namespace heddle::test
