// The sample of a world under the electron microscope: see TwinRig::micrograph.
#pragma once

#include <cstdint>

#include "instrument/twin/world.hpp"
#include "models/micrograph/micrograph.hpp"

namespace seccm::instrument::twin {

/// Aimed at the stage position (x, y), m; `field`: side of the square area, m; noise by (seed, id).
models::Micrograph sample_micrograph(const World& world, std::uint64_t seed, double x, double y, double field,
                                     std::uint64_t id);

}  // namespace seccm::instrument::twin
