// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <iomanip>
#include <iostream>
#include <nlohmann/json.hpp>

#include "app/cli/configuration.hpp"
#include "app/cli/verbs.hpp"
#include "app/compose_doctor.hpp"
#include "workflows/model/wording.hpp"

namespace heddle {

int run_doctor(const GlobalArguments& global, const DoctorArguments& arguments) {
    const std::vector<Finding> findings =
        examine(read_configuration(global), global.try_repository, arguments.project);
    auto list = nlohmann::json::array();
    for (const Finding& finding : findings) {
        const std::string text = one_line(finding.text);
        if (global.json)
            list.push_back(
                {{"about", finding.about}, {"ok", finding.ok}, {"note", finding.note}, {"text", text}});
        else
            std::cout << (!finding.ok    ? "mend  "
                          : finding.note ? "note  "
                                         : "ok    ")
                      << std::left << std::setw(16) << finding.about << text << '\n';
    }
    if (global.json) std::cout << list.dump() << '\n';
    return std::all_of(findings.begin(), findings.end(), [](const Finding& f) { return f.ok; }) ? 0 : 1;
}

}  // namespace heddle
