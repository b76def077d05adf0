#include "files/table.hpp"

#include <algorithm>
#include <functional>
#include <variant>

#include "files/binary.hpp"
#include "files/table_columns.hpp"
#include "sim/error.hpp"

namespace seccm::files {
namespace {

std::string joined(std::span<const std::string_view> names) {
  std::string text;
  for (const std::string_view name : names) {
    if (!text.empty()) text += ' ';
    text += name;
  }
  return text;
}

std::string codes(std::size_t count) {
  std::string text;
  for (std::size_t k = 0; k < count; ++k) {
    if (k > 0) text += ' ';
    text += std::to_string(k);
  }
  return text;
}

}  // namespace

h5::Layout columns::layout(std::uint64_t rows) {
  h5::Layout layout{.shape = {rows}, .chunk = {}, .growing = false, .deflate = 1};
  if (rows > 16) layout.chunk = {std::min(rows, chunk)};
  return layout;
}

void columns::require_rows(const h5::Group& table, std::uint64_t rows) {
  if (rows > most_rows)
    throw InputError("cannot write " + table.where() + ": " + std::to_string(rows) + " rows; at most " +
                     std::to_string(most_rows) + " are accepted");
}

void columns::label(const h5::Dataset& array, std::string_view unit, std::span<const std::string_view> choices) {
  if (!unit.empty()) array.set("units", unit);
  if (choices.empty()) return;
  array.set("flag_values", codes(choices.size()));
  array.set("flag_meanings", joined(choices));
}

// ---- writing

struct TableWriter::Column {
  std::string name, unit;
  std::vector<std::string_view> choices;
  bool is_list = false;
  std::vector<std::int64_t> counts;
  std::variant<std::monostate, std::vector<double>, std::vector<std::int64_t>, std::vector<std::uint64_t>,
               std::vector<std::uint8_t>, std::vector<std::string>>
      values;

  template <class T>
  std::vector<T>& as() {
    if (std::holds_alternative<std::monostate>(values)) values = std::vector<T>();
    return std::get<std::vector<T>>(values);
  }
};

TableWriter::TableWriter() = default;
TableWriter::~TableWriter() = default;

TableWriter::Column& TableWriter::column(std::string_view name, std::string_view unit) {
  for (const auto& c : columns_)
    if (c->name == name) return *c;
  auto made = std::make_unique<Column>();
  made->name = name;
  made->unit = unit;
  return *columns_.emplace_back(std::move(made));
}

void TableWriter::real(std::string_view name, std::string_view unit, double& value) {
  require_finite(name, {&value, 1});
  column(name, unit).as<double>().push_back(value);
}
void TableWriter::integer(std::string_view name, std::string_view unit, std::int64_t& value) {
  column(name, unit).as<std::int64_t>().push_back(value);
}
void TableWriter::whole(std::string_view name, std::string_view unit, std::uint64_t& value) {
  column(name, unit).as<std::uint64_t>().push_back(value);
}
void TableWriter::boolean(std::string_view name, bool& value) {
  column(name, "1").as<std::uint8_t>().push_back(value ? 1 : 0);
}
void TableWriter::text(std::string_view name, std::string& value) {
  require_storable(name, value);
  column(name, "").as<std::string>().push_back(value);
}
void TableWriter::choice(std::string_view name, std::span<const std::string_view> names, int& value) {
  require_choice(name, names, value);
  Column& c = column(name, "1");
  c.choices.assign(names.begin(), names.end());
  c.as<std::uint8_t>().push_back(static_cast<std::uint8_t>(value));
}
void TableWriter::reals(std::string_view name, std::string_view unit, std::vector<double>& values) {
  require_finite(name, values);
  Column& c = column(name, unit);
  c.is_list = true;
  auto& all = c.as<double>();
  all.insert(all.end(), values.begin(), values.end());
  c.counts.push_back(static_cast<std::int64_t>(values.size()));
}

namespace {

template <class T>
h5::Dataset write_column(const h5::Group& group, const std::string& name, const std::vector<T>& values,
                         const h5::Layout& layout) {
  if constexpr (std::is_same_v<T, std::string>) {
    std::size_t width = 1;
    for (const auto& text : values) width = std::max(width, text.size());
    auto array = group.create_text(name, width, layout);
    array.write_text(values);
    return array;
  } else {
    auto array = group.create<T>(name, layout);
    array.write(std::span<const T>(values));
    return array;
  }
}

}  // namespace

void TableWriter::write(const h5::Group& group) const {
  columns::require_rows(group, rows_);
  const h5::Dataset row = group.create_dimension("row", rows_);
  std::vector<std::unique_ptr<h5::Dataset>> arrays;
  std::vector<std::pair<h5::Dataset*, const h5::Dataset*>> uses;
  const auto keep = [&](h5::Dataset array, const h5::Dataset* scale) {
    arrays.push_back(std::make_unique<h5::Dataset>(std::move(array)));
    if (scale != nullptr) uses.emplace_back(arrays.back().get(), scale);
    return arrays.back().get();
  };
  for (const auto& c : columns_) {
    std::visit(
        [&](const auto& values) {
          if constexpr (!std::is_same_v<std::decay_t<decltype(values)>, std::monostate>) {
            // The column of an empty table was visited once to show its type.
            auto shown = values;
            if (rows_ == 0) shown.clear();
            const h5::Dataset* scale = &row;
            if (c->is_list) {
              auto counts = c->counts;
              if (rows_ == 0) counts.clear();
              scale = keep(group.create_dimension(c->name + "_sample", shown.size()), nullptr);
              const auto* count = keep(write_column(group, c->name + "_count", counts, columns::layout(rows_)), &row);
              count->set("units", "1");
              count->set("sample_dimension", c->name + "_sample");
            }
            const auto* array = keep(write_column(group, c->name, shown, columns::layout(shown.size())), scale);
            columns::label(*array, c->unit, c->choices);
          }
        },
        c->values);
  }
  std::vector<h5::ScaleUse> attachments;
  for (const auto& [array, scale] : uses) attachments.push_back({array, 0, scale});
  h5::attach_scales(attachments);
}

void TableWriter::write_scalars(const h5::Group& group) const {
  for (const auto& c : columns_)
    std::visit(
        [&](const auto& values) {
          if constexpr (!std::is_same_v<std::decay_t<decltype(values)>, std::monostate>) {
            const auto layout = c->is_list ? columns::layout(values.size()) : h5::Layout{};
            const auto array = write_column(group, c->name, values, layout);
            if (!c->unit.empty()) array.set("units", c->unit);
          }
        },
        c->values);
}

// ---- reading

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
  if (row.shape().size() != 1 || row.shape()[0] > columns::most_rows)
    row.fail("is not a dimension of 0 to " + std::to_string(columns::most_rows) + " rows");
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
