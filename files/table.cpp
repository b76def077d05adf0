#include "files/table.hpp"

#include <algorithm>
#include <functional>

#include "files/binary.hpp"
#include "sim/error.hpp"

namespace seccm::files {

struct TableReader::Column {
  std::vector<double> reals;
  std::vector<std::int64_t> integers;
  std::vector<std::uint8_t> bytes;
  std::vector<std::string> texts;
  std::vector<std::uint64_t> whole, ends;
};

TableReader::TableReader(const h5::Group& group, bool scalars) : group_(&group), scalars_(scalars) {
  if (scalars_) return;
  const h5::Dataset row = group_->dataset("row");
  if (row.shape().size() != 1 || row.shape()[0] > most_table_rows)
    row.fail("is not a dimension of 0 to " + std::to_string(most_table_rows) + " rows");
  rows_ = row.shape()[0];
}

TableReader::~TableReader() = default;

h5::Dataset TableReader::open(std::string_view name) const {
  h5::Dataset array = group_->dataset(name);
  if (scalars_) {
    array.require_shape({});
  } else {
    const std::uint64_t shape[] = {rows_};
    array.require_shape(shape);
  }
  return array;
}

void TableReader::require_unit(const h5::Dataset& array, std::string_view unit) const {
  const std::string found = array.text("units");
  if (found != unit) array.fail("has the unit '" + found + "'; '" + std::string(unit) + "' is expected");
}

template <class Load>
TableReader::Column& TableReader::column(std::string_view name, Load load) {
  const auto found = columns_.find(name);
  if (found != columns_.end()) return *found->second;
  auto made = std::make_unique<Column>();
  load(*made);
  return *columns_.emplace(std::string(name), std::move(made)).first->second;
}

void TableReader::real(std::string_view name, std::string_view unit, double& value) {
  const Column& c = column(name, [&](Column& fresh) {
    const h5::Dataset array = open(name);
    require_unit(array, unit);
    fresh.reals = array.read<double>();
    require_finite(array.where(), fresh.reals);
  });
  value = c.reals[row_];
}

void TableReader::limit(std::string_view name, std::string_view unit, double& value) {
  const Column& c = column(name, [&](Column& fresh) {
    const h5::Dataset array = open(name);
    require_unit(array, unit);
    fresh.reals = array.read<double>();
    require_limits(array.where(), fresh.reals);
  });
  value = c.reals[row_];
}

void TableReader::integer(std::string_view name, std::string_view unit, std::int64_t& value) {
  const Column& c = column(name, [&](Column& fresh) {
    const h5::Dataset array = open(name);
    require_unit(array, unit);
    fresh.integers = array.read<std::int64_t>();
  });
  value = c.integers[row_];
}

void TableReader::whole(std::string_view name, std::string_view unit, std::uint64_t& value) {
  const Column& c = column(name, [&](Column& fresh) {
    const h5::Dataset array = open(name);
    require_unit(array, unit);
    fresh.whole = array.read<std::uint64_t>();
  });
  value = c.whole[row_];
}

void TableReader::boolean(std::string_view name, bool& value) {
  const Column& c = column(name, [&](Column& fresh) {
    const h5::Dataset array = open(name);
    fresh.bytes = array.read<std::uint8_t>();
    for (const auto b : fresh.bytes)
      if (b > 1) array.fail("holds " + std::to_string(b) + "; 0 or 1 is expected");
  });
  value = c.bytes[row_] != 0;
}

void TableReader::text(std::string_view name, std::string& value) {
  value = column(name, [&](Column& fresh) { fresh.texts = open(name).read_text(); }).texts[row_];
}

void TableReader::choice(std::string_view name, std::span<const std::string_view> names, int& value) {
  const Column& c = column(name, [&](Column& fresh) {
    const h5::Dataset array = open(name);
    fresh.bytes = array.read<std::uint8_t>();
    for (const auto b : fresh.bytes) require_choice(array.where(), names, b);
  });
  value = c.bytes[row_];
}

void TableReader::reals(std::string_view name, std::string_view unit, std::vector<double>& values) {
  const Column& c = column(name, [&](Column& fresh) {
    const h5::Dataset array = group_->dataset(name);
    require_unit(array, unit);
    if (array.shape().size() != 1) array.fail("is not a one-dimensional array");
    fresh.reals = array.read<double>();
    require_finite(array.where(), fresh.reals);
    if (scalars_) {
      fresh.ends = {fresh.reals.size()};
      return;
    }
    const h5::Dataset count = open(std::string(name) + "_count");
    std::uint64_t end = 0;
    for (const std::int64_t n : count.read<std::int64_t>()) {
      if (n < 0 || static_cast<std::uint64_t>(n) > fresh.reals.size() - end)
        count.fail("does not fit the " + std::to_string(fresh.reals.size()) + " values of '" + std::string(name) + "'");
      end += static_cast<std::uint64_t>(n);
      fresh.ends.push_back(end);
    }
    if (end != fresh.reals.size()) count.fail("does not account for all values of '" + std::string(name) + "'");
  });
  const std::uint64_t begin = row_ == 0 ? 0 : c.ends[row_ - 1];
  values.assign(c.reals.begin() + static_cast<std::ptrdiff_t>(begin),
                c.reals.begin() + static_cast<std::ptrdiff_t>(c.ends[row_]));
}

}  // namespace seccm::files
