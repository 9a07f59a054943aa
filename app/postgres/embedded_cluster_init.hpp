// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/postgres/embedded_cluster_files.hpp"

namespace heddle {

/// Makes the cluster unless there is one. All or nothing: it is made under another name. Throws
/// std::runtime_error with a sentence.
void make_cluster(const EmbeddedClusterFiles& files);

}  // namespace heddle
