// SPDX-License-Identifier: Apache-2.0
#include "tests/support/prism.hpp"

#include <chrono>
#include <map>
#include <memory>
#include <stdexcept>

#include "tests/support/child.hpp"
#include "tests/support/program.hpp"
#include "tests/support/shared_files.hpp"

namespace heddle::test {
namespace {

namespace fs = std::filesystem;

const std::string kListens = "Prism is listening on ";
constexpr std::chrono::seconds kPatience{120};  // 3 s on an idle machine

fs::path prism_program() { return source_root() / "tests/node_modules/@stoplight/prism-cli/dist/index.js"; }

/// "http://127.0.0.1:40789" once it listens; before that nothing.
std::string address_in(const std::string& out) {
    const auto at = out.find(kListens);
    if (at == std::string::npos) return {};
    const auto start = at + kListens.size();
    const auto end = out.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789:/.", start);
    return end == std::string::npos ? std::string() : out.substr(start, end - start);
}

class Prism {
public:
    explicit Prism(const fs::path& contract)
        : program_({"node", prism_program(), "mock", "--host", "127.0.0.1", "--port", "0", contract},
                   {{{"NO_COLOR", "1"}, {"FORCE_COLOR", "0"}}, ".", 0, kPatience}) {
        if (!program_.prints(kListens) || (address_ = address_in(program_.out())).empty())
            throw std::runtime_error("Prism does not come up: " + program_.out());
    }

    const std::string& address() const { return address_; }

private:
    Program program_;
    std::string address_;
};

std::string what_is_missing() {
    if (!shared_folder("contracts")) return "../shared/contracts";
    if (!fs::exists(prism_program())) return "tests/node_modules (./dev setup)";
    if (run({"node", "--version"}).exit_code != 0) return "node";
    return {};
}

}  // namespace

std::optional<std::string> prism_for(const std::string& contract) {
    static const std::string missing = what_is_missing();
    static std::map<std::string, std::unique_ptr<Prism>> started;
    if (!missing.empty()) {
        note("requests were not checked against " + contract + ": " + missing + " is not there");
        return std::nullopt;
    }
    std::unique_ptr<Prism>& prism = started[contract];
    if (!prism) prism = std::make_unique<Prism>(*shared_folder("contracts") / contract);
    return prism->address();
}

}  // namespace heddle::test
