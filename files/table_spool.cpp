#include "files/table_spool.hpp"

#include <algorithm>
#include <cstring>
#include <stdexcept>

#include "files/binary.hpp"
#include "files/table_columns.hpp"

namespace seccm::files {
namespace {

constexpr std::size_t block_bytes = 8192;

struct Block {
  std::uint64_t position = 0;
  std::size_t bytes = 0;
};

}  // namespace

struct TableSpool::Column {
  std::string name, unit;
  std::vector<std::string_view> choices;
  h5::Element element = h5::Element::f64;
  bool is_text = false;
  std::size_t widest = 1;  // text, bytes
  std::vector<Block> blocks;
  std::string last;  // what no block holds yet; whole values

  void keep(ScratchFile& scratch, std::string_view bytes) {
    last += bytes;
    if (last.size() < block_bytes) return;
    blocks.push_back({scratch.append(last), last.size()});
    last.clear();
  }

  template <class T>
  void keep_number(ScratchFile& scratch, T value) {
    char bytes[sizeof value];
    std::memcpy(bytes, &value, sizeof value);
    keep(scratch, {bytes, sizeof value});
  }

  /// The column's bytes, block by block.
  template <class Take>
  void replay(const ScratchFile& scratch, Take take) const {
    std::string bytes;
    for (const Block& block : blocks) {
      bytes.resize(block.bytes);
      scratch.read(block.position, bytes);
      take(std::string_view(bytes));
    }
    take(std::string_view(last));
  }
};

namespace {

/// Hands on whole chunks of the array, and the rest at the end: what the library is given of one column does not depend
/// on how the rows came.
template <class T>
class Chunks {
 public:
  explicit Chunks(h5::Dataset& array) : array_(array) {}
  void add(T value) {
    pending_.push_back(std::move(value));
    if (pending_.size() >= columns::chunk) flush();
  }
  void flush() {
    if (pending_.empty()) return;
    array_.write_rows(begin_, std::span<const T>(pending_));
    begin_ += pending_.size();
    pending_.clear();
  }

 private:
  h5::Dataset& array_;
  std::vector<T> pending_;
  std::uint64_t begin_ = 0;
};

}  // namespace

TableSpool::TableSpool(ScratchFile& scratch) : scratch_(scratch) {}
TableSpool::~TableSpool() = default;

TableSpool::Column& TableSpool::column(std::string_view name, std::string_view unit, h5::Element element, bool text) {
  // Records visit their fields in one order.
  if (next_ >= columns_.size()) next_ = 0;
  if (!columns_.empty() && columns_[next_]->name == name) return *columns_[next_++];
  if (rows_ > 0) throw std::logic_error("TableSpool: a record visits other fields than the one before it");
  auto made = std::make_unique<Column>();
  made->name = name;
  made->unit = unit;
  made->element = element;
  made->is_text = text;
  columns_.push_back(std::move(made));
  next_ = columns_.size();
  return *columns_.back();
}

void TableSpool::real(std::string_view name, std::string_view unit, double& value) {
  require_finite(name, {&value, 1});
  column(name, unit, h5::Element::f64).keep_number(scratch_, value);
}
void TableSpool::integer(std::string_view name, std::string_view unit, std::int64_t& value) {
  column(name, unit, h5::Element::i64).keep_number(scratch_, value);
}
void TableSpool::whole(std::string_view name, std::string_view unit, std::uint64_t& value) {
  column(name, unit, h5::Element::u64).keep_number(scratch_, value);
}
void TableSpool::boolean(std::string_view name, bool& value) {
  column(name, "1", h5::Element::u8).keep_number(scratch_, static_cast<std::uint8_t>(value ? 1 : 0));
}
void TableSpool::text(std::string_view name, std::string& value) {
  require_storable(name, value);
  Column& c = column(name, "", h5::Element::u8, true);
  c.widest = std::max(c.widest, value.size());
  BinaryWriter bytes;
  bytes.number(static_cast<std::uint32_t>(value.size()));
  c.keep(scratch_, bytes.bytes() + value);
}
void TableSpool::choice(std::string_view name, std::span<const std::string_view> names, int& value) {
  require_choice(name, names, value);
  Column& c = column(name, "1", h5::Element::u8);
  c.choices.assign(names.begin(), names.end());
  c.keep_number(scratch_, static_cast<std::uint8_t>(value));
}
void TableSpool::reals(std::string_view name, std::string_view, std::vector<double>&) {
  throw std::logic_error("TableSpool: the field '" + std::string(name) + "' is a list");
}

h5::Dataset TableSpool::write_column(const h5::Group& group, const Column& column) const {
  const h5::Layout layout = columns::layout(rows_);
  const auto of_numbers = [&]<class T>(T) {
    auto array = group.create<T>(column.name, layout);
    if (rows_ == 0) return array;  // what an empty table shows of itself is no row
    Chunks<T> chunks(array);
    column.replay(scratch_, [&](std::string_view bytes) {
      for (std::size_t at = 0; at < bytes.size(); at += sizeof(T)) {
        T value;
        std::memcpy(&value, bytes.data() + at, sizeof value);
        chunks.add(value);
      }
    });
    chunks.flush();
    return array;
  };
  if (column.is_text) {
    auto array = group.create_text(column.name, column.widest, layout);
    if (rows_ == 0) return array;
    Chunks<std::string> chunks(array);
    column.replay(scratch_, [&](std::string_view bytes) {
      BinaryReader values(bytes);
      while (values.remaining() > 0) {
        std::string value(values.number<std::uint32_t>(), '\0');
        values.array(std::span<char>(value));
        chunks.add(std::move(value));
      }
    });
    chunks.flush();
    return array;
  }
  switch (column.element) {
    case h5::Element::f64:
      return of_numbers(double{});
    case h5::Element::i64:
      return of_numbers(std::int64_t{});
    case h5::Element::u64:
      return of_numbers(std::uint64_t{});
    default:
      return of_numbers(std::uint8_t{});
  }
}

void TableSpool::write(const h5::Group& group) const {
  columns::require_rows(group, rows_);
  const h5::Dataset row = group.create_dimension("row", rows_);
  std::vector<std::unique_ptr<h5::Dataset>> arrays;
  std::vector<h5::ScaleUse> uses;
  for (const auto& c : columns_) {
    arrays.push_back(std::make_unique<h5::Dataset>(write_column(group, *c)));
    columns::label(*arrays.back(), c->unit, c->choices);
    uses.push_back({arrays.back().get(), 0, &row});
  }
  h5::attach_scales(uses);
}

}  // namespace seccm::files
