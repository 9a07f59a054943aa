// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

namespace heddle::test {

/// Address ("http://127.0.0.1:PORT") of a Prism that checks requests against a contract file of
/// ../shared/contracts ("gitlab.json") and makes up answers. Each file's is started once per program and ends
/// with it. Nothing, with a note, where the contracts, node or Prism (tests/package.json) are missing; throws
/// std::runtime_error when it does not come up.
std::optional<std::string> prism_for(const std::string& contract);

}  // namespace heddle::test
