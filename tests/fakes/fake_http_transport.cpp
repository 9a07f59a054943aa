// SPDX-License-Identifier: Apache-2.0
#include "tests/fakes/fake_http_transport.hpp"

#include <stdexcept>
#include <utility>

namespace heddle::test {

void FakeHttpTransport::answer(HttpResponse response) {
    answer_by([response = std::move(response)](const HttpRequest&) { return response; });
}

void FakeHttpTransport::answer(int status, const std::string& body) { answer({status, {}, body}); }

void FakeHttpTransport::answer_by(std::function<HttpResponse(const HttpRequest&)> answer) {
    const std::lock_guard lock(mutex_);
    answers_.push_back(std::move(answer));
}

std::vector<FakeHttpTransport::Sent> FakeHttpTransport::sent() const {
    const std::lock_guard lock(mutex_);
    return sent_;
}

std::vector<std::string> FakeHttpTransport::texts() const {
    std::vector<std::string> texts;
    for (const Sent& sent : this->sent()) {
        std::string text = sent.request.method + " " + sent.request.url + "\n";
        for (const auto& [name, value] : sent.request.headers) text += name + ": " + value + "\n";
        texts.push_back(text + "\n" + sent.request.body);
    }
    return texts;
}

HttpResponse FakeHttpTransport::send(const ForgeAccess& access, const HttpRequest& request) {
    std::function<HttpResponse(const HttpRequest&)> answer;
    {
        const std::lock_guard lock(mutex_);
        sent_.push_back({access, request});
        if (answers_.empty()) throw std::logic_error("no answer is left for " + request.url);
        answer = std::move(answers_.front());
        answers_.pop_front();
    }
    return answer(request);
}

}  // namespace heddle::test
