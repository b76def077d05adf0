// Which point a sample belongs to, of a recording that says only where the probe was.
//
// A hop is a lateral move to a place at least `least_hop` away from where the point before was measured. A point begins
// where x and y have come to rest there: the next `samples_at_rest` stay within half a hop. What is recorded on the way
// belongs to no point. A hop shorter than that is not seen.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace seccm::files {

inline constexpr double least_hop = 50e-9;         ///< m; sensors of such stages are noisy by some nm
inline constexpr std::size_t samples_at_rest = 8;  ///< samples

/// x and y in m, as long as each other: a number from 0 on for every sample, -1 on the way.
std::vector<std::int32_t> points_by_place(std::span<const double> x, std::span<const double> y);

}  // namespace seccm::files
