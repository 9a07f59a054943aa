// SPDX-License-Identifier: Apache-2.0
// The contract of the port, over a real Open Build Service: asked directly, and as the public is.
#include "tests/contract/build_service/build_service_contract.hpp"
#include "tests/obs/obs_service_world.hpp"

HEDDLE_BUILD_SERVICE_CONTRACT(heddle::test::ObsServiceWorld, heddle::test::PublicObsWorld);
