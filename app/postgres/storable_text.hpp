// SPDX-License-Identifier: Apache-2.0
#pragma once

// The rule is the model's: what a run stores of its plan is what `heddle plan` prints.
#include "workflows/model/storable_text.hpp"
