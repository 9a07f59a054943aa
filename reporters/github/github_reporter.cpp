// SPDX-License-Identifier: Apache-2.0
#include "reporters/github/github_reporter.hpp"

#include <algorithm>

namespace heddle {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

CombinedStatusDialect dialect() {
    CombinedStatusDialect dialect;
    dialect.limits = {255, 140, 1000};  // of links it names no limit
    dialect.fields = {"state", "context"};
    dialect.size_parameter = "per_page";
    dialect.page_size = 100;
    dialect.most_pages = 10;
    dialect.short_page_is_last = true;
    dialect.headers = [](const ForgeAccess& access) {
        return HttpHeaders{{"Accept", "application/json"},
                           {"Authorization", "Bearer " + access.credential},
                           {"X-GitHub-Api-Version", "2022-11-28"}};
    };
    dialect.same_context = [](const std::string& a, const std::string& b) {
        return std::equal(
            a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
    };
    return dialect;
}

}  // namespace

GithubReporter::GithubReporter(HttpTransport& transport) : CombinedStatusReporter(transport, dialect()) {}

}  // namespace heddle
