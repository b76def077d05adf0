// The two contact comparators of the image, as its registers set them: each looks at one current, and is set by a count
// beyond its threshold. Contact is either of them.
#pragma once

#include <cstdint>

#include "instrument/roles/probe_sequencer.hpp"

namespace seccm::instrument::nifpga {

struct Comparator {
  std::int64_t source = 1;         ///< FeedBackType: 1 looks at I1, 2 at I2
  std::int64_t threshold = 32768;  ///< counts; beyond 16 bits it is never set, or always
  bool greater = true;             ///< set above the threshold, else below it

  [[nodiscard]] bool set(std::int64_t i1, std::int64_t i2) const;
};

struct Comparators {
  Comparator first, second;

  [[nodiscard]] bool set(std::int64_t i1, std::int64_t i2) const { return first.set(i1, i2) || second.set(i1, i2); }
  /// Whether one that looks at I2 is set: a sequencer's contact rule does not see that current.
  [[nodiscard]] bool set_by_i2(std::int64_t i2) const;
  /// Those that look at I1 as the contact rule of a sequencer: "greater" gives the upper bound of the band without
  /// contact, the other the lower one. `i_lsb`: A per count, signed; `full_scale`: A.
  [[nodiscard]] ContactCriterion criterion(double i_lsb, double full_scale) const;
};

}  // namespace seccm::instrument::nifpga
