// What every writer of a table does with a column.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "files/hdf5.hpp"

namespace seccm::files::columns {

inline constexpr std::uint64_t most_rows = std::uint64_t{1} << 20;
inline constexpr std::uint64_t chunk = 16384;  // rows

h5::Layout layout(std::uint64_t rows);
/// Throws InputError above `most_rows`.
void require_rows(const h5::Group& table, std::uint64_t rows);
/// Unit ("": none) and the meaning of the codes of an enumeration.
void label(const h5::Dataset& array, std::string_view unit, std::span<const std::string_view> choices);

}  // namespace seccm::files::columns
