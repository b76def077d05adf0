// What the parts of the reference system share: a block owns unknowns, writes their equations and their Jacobian, and
// sees the rest of the cell as a potential and an activity that move through unknowns of other blocks. Internal to
// models/reference.
#pragma once

#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

namespace seccm::models {

/// A potential (V) and its rate of change (V/s).
struct PotentialRate {
  double p = 0.0;
  double rate = 0.0;
};

/// Through which unknown, and how, a quantity moves: d/du, and for a potential also d(rate)/du'.
struct UnknownColumn {
  std::size_t unknown = 0;
  double slope = 0.0;
};

/// ln a_e of the salt at the surface, which every cathodic branch sees; without a liquid 0, and no column.
struct SurfaceActivity {
  double log = 0.0;
  std::optional<UnknownColumn> column;
};

/// The unknowns of a system while its blocks are laid out.
class Unknowns {
 public:
  /// The index of the first of `count` more.
  std::size_t append(std::size_t count, bool differential) {
    differential_.insert(differential_.end(), count, differential ? 1 : 0);
    return std::exchange(size_, size_ + count);
  }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] const std::vector<char>& differential() const { return differential_; }

 private:
  std::size_t size_ = 0;
  std::vector<char> differential_;
};

}  // namespace seccm::models
