// SPDX-License-Identifier: Apache-2.0
#include <iostream>
#include <nlohmann/json.hpp>

#include "app/cli/configuration.hpp"
#include "app/cli/verbs.hpp"
#include "app/compose_deliveries.hpp"
#include "app/config/wrong_use.hpp"
#include "workflows/model/wording.hpp"

namespace heddle {

int run_replay(const GlobalArguments& global, const ReplayArguments& arguments) {
    const auto replayed =
        replay_delivery(read_configuration(global), global.try_repository, arguments.id, arguments.force);
    const std::string name = "delivery " + std::to_string(arguments.id);
    if (!replayed) throw WrongUse("there is no " + name);
    if (!replayed->delivery) throw WrongUse(name + " is not replayed: " + replayed->why);
    if (global.json) {
        nlohmann::json out{{"delivery", *replayed->delivery}, {"verdict", replayed->verdict}};
        out["reason"] = replayed->why.empty() ? nlohmann::json(nullptr) : nlohmann::json(replayed->why);
        out["run"] = replayed->run ? nlohmann::json(*replayed->run) : nlohmann::json(nullptr);
        std::cout << out.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
    } else {
        std::cout << name << " is replayed as delivery " << *replayed->delivery << ": " << replayed->verdict;
        if (!replayed->why.empty()) std::cout << ": " << one_line(replayed->why);
        if (replayed->run) std::cout << ", run " << *replayed->run;
        std::cout << '\n';
    }
    return replayed->verdict == "rejected" ? 1 : 0;
}

}  // namespace heddle
