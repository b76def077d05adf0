// What the driver refuses before anything moves: ranges, speeds, rates, lateral moves without clearance.
#pragma once

#include <optional>

#include "instrument/roles/probe_sequencer.hpp"

namespace seccm::instrument::wecspm {

struct Position {
  double x = 0, y = 0, z = 0;  ///< m
};

/// The first offence of `program` against `limits`; lateral moves need z >= `safe_height` (m). `from`: where it stands.
std::optional<Error> inspect(const Program& program, const Limits& limits, const Position& from, double safe_height);

}  // namespace seccm::instrument::wecspm
