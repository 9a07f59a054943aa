// SPDX-License-Identifier: Apache-2.0
#include <iostream>
#include <sstream>
#include <stdexcept>

#include "app/cli/configuration.hpp"
#include "app/cli/input_file.hpp"
#include "app/cli/plan_story.hpp"
#include "app/cli/verbs.hpp"
#include "app/config/wrong_use.hpp"
#include "workflows/definition/definition.hpp"
#include "workflows/model/wording.hpp"

namespace heddle {
namespace {

// What the server takes (design, section 11); a byte more tells that there is more.
constexpr std::size_t kLargestBody = 25 * 1024 * 1024;
constexpr std::size_t kLargestHead = 64 * 1024;
constexpr std::size_t kLargestDefinition = 128 * 1024;

std::string read_or_refuse(const std::string& path, std::size_t most) {
    try {
        return read_input_file(path, most + 1);
    } catch (const Unreadable& reason) {
        throw WrongUse(reason.what());
    }
}

std::string trimmed(const std::string& text) {
    const auto begin = text.find_first_not_of(" \t\r");
    return begin == std::string::npos ? "" : text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1);
}

/// What stands above the headers where forges show a delivery, or in a capture of the request: its address
/// and its method.
bool is_request_line(const std::string& line) {
    return line.starts_with("Request URL:") || line.starts_with("Request method:") ||
           (line.starts_with("POST ") && line.find(" HTTP/") != std::string::npos);
}

WebhookHeaders read_headers(const std::string& path) {
    const std::string text = read_or_refuse(path, kLargestHead);
    if (text.size() > kLargestHead) throw WrongUse(path + ": headers are larger than 64 KiB");
    WebhookHeaders headers;
    std::istringstream in(text);
    int number = 0;
    for (std::string line; std::getline(in, line);) {
        ++number;
        if (trimmed(line).empty() || is_request_line(line)) continue;
        const auto colon = line.find(':');
        const std::string name = trimmed(line.substr(0, colon));
        if (colon == std::string::npos || name.empty() || name.find(' ') != std::string::npos)
            throw WrongUse(path + ":" + std::to_string(number) +
                           ": a header is written as NAME: VALUE, not " + heddle::quoted(line));
        headers.emplace_back(name, trimmed(line.substr(colon + 1)));
    }
    return headers;
}

ParsedWebhook judge(const PlanArguments& arguments) {
    const WebhookHeaders headers = arguments.headers ? read_headers(*arguments.headers) : WebhookHeaders();
    const std::string body = read_or_refuse(arguments.payload, kLargestBody);
    if (body.size() > kLargestBody)
        throw WrongUse(arguments.payload + ": the server takes no body larger than 25 MiB");
    ParsedWebhook webhook = parse_webhook(headers, body);
    if (headers.empty()) webhook.reason += " (--headers FILE gives those that came with the body)";
    // Which configured forge it is depends on the token, and nobody is asked for that.
    webhook.event.forge = webhook.forge_kind;
    return webhook;
}

void plan_workflows(PlanAnswer& answer, const std::string& text) {
    answer.has_definition = true;
    if (answer.webhook.verdict != Verdict::Accepted) return;
    ParsedDefinition parsed = parse_definition(text, answer.webhook.event);
    answer.problems = std::move(parsed.problems);
    answer.warnings = std::move(parsed.warnings);
    if (!parsed.definition) return;
    answer.plan = make_plan(*parsed.definition, answer.webhook.event);
    answer.problems = answer.plan.problems;
}

}  // namespace

int run_plan(const GlobalArguments& global, const PlanArguments& arguments) {
    refuse_try(global, "plan");
    PlanAnswer answer;
    answer.webhook = judge(arguments);
    if (arguments.definition)
        plan_workflows(answer, read_or_refuse(*arguments.definition, kLargestDefinition));
    std::cout << (global.json ? plan_json(answer) + "\n"
                              : plan_story(answer, arguments.definition.value_or("")));
    std::cout.flush();
    if (!std::cout) throw std::runtime_error("the plan can't be written to the standard output");
    return answer.problems.empty() ? 0 : 1;
}

}  // namespace heddle
