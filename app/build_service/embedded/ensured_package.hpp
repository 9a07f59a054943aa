// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace heddle {

/// What it took to have a package that a step names.
enum class EnsuredPackage {
    Present,  // it was there: by somebody's hand, or made before
    Made,
    Moved,  // it was made before for another repository or branch
};

}  // namespace heddle
