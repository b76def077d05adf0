#include <algorithm>
#include <cstring>
#include <stdexcept>
#include <utility>

#include "files/binary.hpp"
#include "files/table.hpp"
#include "sim/error.hpp"

namespace seccm::files {
namespace {

constexpr std::uint64_t chunk_rows = 2048;
constexpr std::size_t block_bytes = 8192;

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

h5::Layout layout_of(std::uint64_t rows) {
  h5::Layout layout{.shape = {rows}, .chunk = {}, .growing = false, .deflate = 1};
  if (rows > 16) layout.chunk = {std::min(rows, chunk_rows)};
  return layout;
}

/// Unit ("": none) and the meaning of the codes of an enumeration.
void label(const h5::Dataset& array, std::string_view unit, std::span<const std::string_view> choices) {
  if (!unit.empty()) array.set("units", unit);
  if (choices.empty()) return;
  array.set("flag_values", codes(choices.size()));
  array.set("flag_meanings", joined(choices));
}

/// Values one behind the other as bytes; with a scratch file, all but the last block of them stand there.
class Values {
 public:
  void keep(ScratchFile* scratch, std::string_view bytes, std::uint64_t values = 1) {
    count_ += values;
    last_ += bytes;
    if (scratch == nullptr || last_.size() < block_bytes) return;
    blocks_.push_back({scratch->append(last_), last_.size()});
    last_.clear();
  }

  template <class T>
  void keep_number(ScratchFile* scratch, T value) {
    keep(scratch, {reinterpret_cast<const char*>(&value), sizeof value});
  }

  [[nodiscard]] std::uint64_t count() const { return count_; }

  /// The bytes, block by block: no value stands in two of them.
  template <class Take>
  void replay(const ScratchFile* scratch, Take take) const {
    std::string bytes;
    for (const Block& block : blocks_) {
      bytes.resize(block.bytes);
      scratch->read(block.position, bytes);
      take(std::string_view(bytes));
    }
    take(std::string_view(last_));
  }

 private:
  struct Block {
    std::uint64_t position;
    std::size_t bytes;
  };
  std::vector<Block> blocks_;
  std::string last_;
  std::uint64_t count_ = 0;
};

/// Hands on whole chunks of the array, and the rest at the end: the library writes each once and keeps none.
template <class T>
class Chunks {
 public:
  explicit Chunks(h5::Dataset& array) : array_(array) {}
  void add(T value) {
    pending_.push_back(std::move(value));
    if (pending_.size() >= chunk_rows) flush();
  }
  void flush() {
    array_.write_rows(begin_, std::span<const T>(pending_));
    begin_ += pending_.size();
    pending_.clear();
  }

 private:
  h5::Dataset& array_;
  std::vector<T> pending_;
  std::uint64_t begin_ = 0;
};

template <class T>
h5::Dataset write_numbers(const h5::Group& group, std::string_view name, const Values& values,
                          const ScratchFile* scratch, const h5::Layout& layout) {
  auto array = group.create<T>(name, layout);
  Chunks<T> chunks(array);
  values.replay(scratch, [&](std::string_view bytes) {
    for (std::size_t at = 0; at < bytes.size(); at += sizeof(T)) {
      T value;
      std::memcpy(&value, bytes.data() + at, sizeof value);
      chunks.add(value);
    }
  });
  chunks.flush();
  return array;
}

h5::Dataset write_texts(const h5::Group& group, std::string_view name, const Values& values, const ScratchFile* scratch,
                        const h5::Layout& layout) {
  auto array = group.create_text(name, layout);
  Chunks<std::string> chunks(array);
  values.replay(scratch, [&](std::string_view bytes) {
    BinaryReader texts(bytes);
    while (texts.remaining() > 0) {
      std::string text(texts.number<std::uint32_t>(), '\0');
      texts.array(std::span<char>(text));
      chunks.add(std::move(text));
    }
  });
  chunks.flush();
  return array;
}

}  // namespace

struct TableWriter::Column {
  std::string name, unit;
  std::vector<std::string_view> choices;
  Kind kind = Kind::real;
  Values values, counts;  // counts: of the lists

  h5::Dataset write(const h5::Group& group, const Values& shown, const ScratchFile* scratch,
                    const h5::Layout& layout) const {
    switch (kind) {
      case Kind::integer:
        return write_numbers<std::int64_t>(group, name, shown, scratch, layout);
      case Kind::whole:
        return write_numbers<std::uint64_t>(group, name, shown, scratch, layout);
      case Kind::code:
        return write_numbers<std::uint8_t>(group, name, shown, scratch, layout);
      case Kind::text:
        return write_texts(group, name, shown, scratch, layout);
      case Kind::real:
      case Kind::list:
        break;
    }
    return write_numbers<double>(group, name, shown, scratch, layout);
  }
};

TableWriter::TableWriter() = default;
TableWriter::TableWriter(ScratchFile& scratch) : scratch_(&scratch) {}
TableWriter::~TableWriter() = default;

TableWriter::Column& TableWriter::column(std::string_view name, std::string_view unit, Kind kind) {
  // Records visit their fields in one order.
  if (next_ >= columns_.size()) next_ = 0;
  if (!columns_.empty() && columns_[next_]->name == name) return *columns_[next_++];
  if (rows_ > 0) throw std::logic_error("TableWriter: a record visits other fields than the one before it");
  auto made = std::make_unique<Column>();
  made->name = name;
  made->unit = unit;
  made->kind = kind;
  columns_.push_back(std::move(made));
  next_ = columns_.size();
  return *columns_.back();
}

void TableWriter::real(std::string_view name, std::string_view unit, double& value) {
  require_finite(name, {&value, 1});
  column(name, unit, Kind::real).values.keep_number(scratch_, value);
}
void TableWriter::limit(std::string_view name, std::string_view unit, double& value) {
  require_limits(name, {&value, 1});
  column(name, unit, Kind::real).values.keep_number(scratch_, value);
}
void TableWriter::integer(std::string_view name, std::string_view unit, std::int64_t& value) {
  column(name, unit, Kind::integer).values.keep_number(scratch_, value);
}
void TableWriter::whole(std::string_view name, std::string_view unit, std::uint64_t& value) {
  column(name, unit, Kind::whole).values.keep_number(scratch_, value);
}
void TableWriter::boolean(std::string_view name, bool& value) {
  column(name, "1", Kind::code).values.keep_number(scratch_, static_cast<std::uint8_t>(value ? 1 : 0));
}
void TableWriter::text(std::string_view name, std::string& value) {
  require_storable(name, value);
  Column& c = column(name, "", Kind::text);
  BinaryWriter bytes;
  bytes.number(static_cast<std::uint32_t>(value.size()));
  c.values.keep(scratch_, bytes.bytes() + value);
}
void TableWriter::choice(std::string_view name, std::span<const std::string_view> names, int& value) {
  require_choice(name, names, value);
  Column& c = column(name, "1", Kind::code);
  c.choices.assign(names.begin(), names.end());
  c.values.keep_number(scratch_, static_cast<std::uint8_t>(value));
}
void TableWriter::reals(std::string_view name, std::string_view unit, std::vector<double>& values) {
  require_finite(name, values);
  Column& c = column(name, unit, Kind::list);
  BinaryWriter bytes;
  bytes.array(std::span<const double>(values));
  c.values.keep(scratch_, bytes.bytes(), values.size());
  c.counts.keep_number(scratch_, static_cast<std::int64_t>(values.size()));
}

void TableWriter::write(const h5::Group& group) const {
  if (rows_ > most_table_rows)
    throw InputError("cannot write " + group.where() + ": " + std::to_string(rows_) + " rows; at most " +
                     std::to_string(most_table_rows) + " are accepted");
  const h5::Dataset row = group.create_dimension("row", rows_);
  std::vector<std::unique_ptr<h5::Dataset>> arrays;
  std::vector<h5::ScaleUse> uses;
  const auto keep = [&](h5::Dataset array) {
    return arrays.emplace_back(std::make_unique<h5::Dataset>(std::move(array))).get();
  };
  const Values none;
  for (const auto& c : columns_) {
    // The column of an empty table was visited once to show its type.
    const Values& values = rows_ > 0 ? c->values : none;
    const h5::Dataset* scale = &row;
    if (c->kind == Kind::list) {
      scale = keep(group.create_dimension(c->name + "_sample", values.count()));
      const Values& counts = rows_ > 0 ? c->counts : none;
      const h5::Dataset* count =
          keep(write_numbers<std::int64_t>(group, c->name + "_count", counts, scratch_, layout_of(rows_)));
      uses.push_back({count, 0, &row});
      count->set("units", "1");
      count->set("sample_dimension", c->name + "_sample");
    }
    const h5::Dataset* array = keep(c->write(group, values, scratch_, layout_of(values.count())));
    uses.push_back({array, 0, scale});
    label(*array, c->unit, c->choices);
  }
  h5::attach_scales(uses);
}

void TableWriter::write_scalars(const h5::Group& group) const {
  for (const auto& c : columns_) {
    const auto layout = c->kind == Kind::list ? layout_of(c->values.count()) : h5::Layout{};
    const auto array = c->write(group, c->values, scratch_, layout);
    if (!c->unit.empty()) array.set("units", c->unit);
  }
}

}  // namespace seccm::files
