// SPDX-License-Identifier: Apache-2.0
#include "app/web/password_gate.hpp"

#include "app/crypto/password.hpp"

namespace heddle {
namespace {

constexpr int kMostAsking = 4;  // the other threads of the server stay free for webhooks

struct Place {
    explicit Place(std::atomic<int>& asking) : asking(asking), number(++asking) {}
    ~Place() { --asking; }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
    std::atomic<int>& asking;
    const int number;
};

}  // namespace

PasswordGate::Answer PasswordGate::check(const std::string& password, const std::string& stored) {
    const Place place(asking_);
    if (place.number > kMostAsking) return Answer::Busy;
    return check_password(password, stored) ? Answer::Right : Answer::Wrong;
}

}  // namespace heddle
