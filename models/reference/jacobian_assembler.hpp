// Writes the entries of a sparse Jacobian by_state dF/du + by_rate dF/du' in the order in which the equations give
// them. The first pass records who touches whom; every later pass must add in the same order.
#pragma once

#include <algorithm>
#include <cassert>
#include <span>
#include <utility>
#include <vector>

#include "sim/jacobian_pattern.hpp"

namespace seccm::models {

class JacobianAssembler {
 public:
  /// Adds dF_row/du_column and dF_row/du'_column.
  void add(std::size_t row, std::size_t column, double state, double rate = 0.0) {
    if (recording_) {
      entries_.emplace_back(column, row);
    } else {
      assert(next_ < slot_.size());
      values_[slot_[next_++]] += by_state_ * state + by_rate_ * rate;
    }
  }

  void begin(double by_state, double by_rate, std::span<double> values) {
    by_state_ = by_state;
    by_rate_ = by_rate;
    values_ = values;
    next_ = 0;
    std::fill(values.begin(), values.end(), 0.0);
  }

  /// Ends the recording.
  sim::JacobianPattern finish(std::size_t size) {
    recording_ = false;
    std::vector<std::pair<std::size_t, std::size_t>> unique = entries_;
    for (std::size_t i = 0; i < size; ++i) unique.emplace_back(i, i);
    std::sort(unique.begin(), unique.end());
    unique.erase(std::unique(unique.begin(), unique.end()), unique.end());
    sim::JacobianPattern pattern{size, std::vector<std::size_t>(size + 1, 0), {}};
    for (const auto& [column, row] : unique) {
      ++pattern.start[column + 1];
      pattern.row.push_back(row);
    }
    for (std::size_t j = 0; j < size; ++j) pattern.start[j + 1] += pattern.start[j];
    for (const auto& entry : entries_) {
      slot_.push_back(static_cast<std::size_t>(std::lower_bound(unique.begin(), unique.end(), entry) - unique.begin()));
    }
    entries_.clear();
    return pattern;
  }

 private:
  bool recording_ = true;
  double by_state_ = 1.0;
  double by_rate_ = 0.0;
  std::span<double> values_;
  std::size_t next_ = 0;
  std::vector<std::pair<std::size_t, std::size_t>> entries_;
  std::vector<std::size_t> slot_;
};

}  // namespace seccm::models
