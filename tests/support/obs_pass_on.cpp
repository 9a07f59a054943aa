// SPDX-License-Identifier: Apache-2.0
#include "tests/support/obs_pass_on.hpp"

#include "tests/support/raw_client.hpp"

namespace heddle::test {

StandInAnswer pass_on(const ObsBackend& backend, const StandInRequest& request) {
    StandInAnswer gone;
    gone.manner = StandInAnswer::Manner::Vanish;
    const std::string url = backend.api_url();
    RawClient client(std::stoi(url.substr(url.rfind(':') + 1)));
    client.send(request.method + " " + request.target +
                " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: " + request.header("Content-Type") +
                "\r\nContent-Length: " + std::to_string(request.body.size()) + "\r\n\r\n" + request.body);
    if (!client.hears_within(std::chrono::seconds(5))) return gone;
    const RawAnswer answer = client.answer();
    if (answer.status == 0) return gone;
    return {answer.status, answer.body, {{"Content-Type", answer.header("Content-Type")}}};
}

}  // namespace heddle::test
