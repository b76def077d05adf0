// Two runs of one program on grids of which the finer one holds the coarser one.
#pragma once

#include <cmath>
#include <cstddef>

#include "models/engine/simulate.hpp"

namespace seccm::verification {

/// Rows of a trace that a comparison leaves out.
struct Rows {
  std::size_t first = 1, last = 0;
  [[nodiscard]] bool hold(std::size_t k) const { return k >= first && k <= last; }
};

/// Largest difference at the instants of the coarser trace. NaN if there is one.
inline double difference(const models::Trace& coarse, const models::Trace& fine, Rows without = {}, Rows nor = {}) {
  const std::size_t stride = (fine.size() - 1) / (coarse.size() - 1);
  double most = 0.0;
  for (std::size_t k = 1; k < coarse.size(); ++k) {
    if (without.hold(k) || nor.hold(k)) continue;
    const double d = std::abs(coarse.current[k] - fine.current[k * stride]);
    if (!(d <= most)) most = d;
  }
  return most;
}

}  // namespace seccm::verification
