// SPDX-License-Identifier: Apache-2.0
#include "reporters/gitea/gitea_reporter.hpp"

#include <functional>

namespace heddle {
namespace {

CombinedStatusDialect dialect() {
    CombinedStatusDialect dialect;
    dialect.limits = {255, 1000, 2000};
    dialect.fields = {"status", "context"};
    dialect.size_parameter = "limit";
    dialect.headers = [](const ForgeAccess& access) {
        return HttpHeaders{{"Accept", "application/json"}, {"Authorization", "token " + access.credential}};
    };
    dialect.same_context = std::equal_to<>();
    return dialect;
}

}  // namespace

GiteaReporter::GiteaReporter(HttpTransport& transport) : CombinedStatusReporter(transport, dialect()) {}

}  // namespace heddle
