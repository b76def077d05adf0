// Records as HDF5 tables: one array per field with its unit, attached to the dimension `row`.
//
// Text is fixed-width, an enumeration holds codes with `flag_values` and `flag_meanings` (the CF convention), and a
// list per record becomes the flat array <name> with the lengths <name>_count (CF contiguous ragged array).
#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "files/fields.hpp"
#include "files/hdf5.hpp"
#include "files/scratch_file.hpp"

namespace seccm::files {

inline constexpr std::uint64_t most_table_rows = std::uint64_t{1} << 20;  ///< larger tables are refused

/// Collects the fields of records, then writes them. With a scratch file the rows wait there, column by column, and one
/// block of each column is in memory however many rows there are; the bytes of the table are the same.
class TableWriter final : public FieldVisitor {
 public:
  /// The rows wait in memory.
  TableWriter();
  /// `scratch`, which several tables may share, has to outlive it.
  explicit TableWriter(ScratchFile& scratch);
  ~TableWriter() override;
  /// Ends one record: every record has to visit the same fields.
  void end_row() { ++rows_; }
  [[nodiscard]] std::uint64_t rows() const { return rows_; }
  /// Writes arrays of `rows` elements.
  void write(const h5::Group& group) const;
  /// Writes scalars: the one record of a group.
  void write_scalars(const h5::Group& group) const;

  void real(std::string_view name, std::string_view unit, double& value) override;
  void limit(std::string_view name, std::string_view unit, double& value) override;
  void integer(std::string_view name, std::string_view unit, std::int64_t& value) override;
  void whole(std::string_view name, std::string_view unit, std::uint64_t& value) override;
  void boolean(std::string_view name, bool& value) override;
  void text(std::string_view name, std::string& value) override;
  void choice(std::string_view name, std::span<const std::string_view> names, int& value) override;
  void reals(std::string_view name, std::string_view unit, std::vector<double>& values) override;

 private:
  enum class Kind { real, integer, whole, code, text, list };
  struct Column;
  Column& column(std::string_view name, std::string_view unit, Kind kind);
  ScratchFile* scratch_ = nullptr;
  std::vector<std::unique_ptr<Column>> columns_;
  std::size_t next_ = 0;  // column that the record visits next
  std::uint64_t rows_ = 0;
};

/// Gives the fields of row after row. Throws InputError for a missing, misshapen or inconsistent array.
class TableReader final : public FieldVisitor {
 public:
  /// A table with the dimension `row`, or (scalars) the one record of a group, which has to outlive the reader.
  explicit TableReader(const h5::Group& group, bool scalars = false);
  ~TableReader() override;
  [[nodiscard]] std::uint64_t rows() const { return rows_; }
  void begin_row(std::uint64_t row) { row_ = row; }

  void real(std::string_view name, std::string_view unit, double& value) override;
  void limit(std::string_view name, std::string_view unit, double& value) override;
  void integer(std::string_view name, std::string_view unit, std::int64_t& value) override;
  void whole(std::string_view name, std::string_view unit, std::uint64_t& value) override;
  void boolean(std::string_view name, bool& value) override;
  void text(std::string_view name, std::string& value) override;
  void choice(std::string_view name, std::span<const std::string_view> names, int& value) override;
  void reals(std::string_view name, std::string_view unit, std::vector<double>& values) override;

 private:
  struct Column;
  template <class Load>
  Column& column(std::string_view name, Load load);
  h5::Dataset open(std::string_view name) const;
  void require_unit(const h5::Dataset& array, std::string_view unit) const;
  const h5::Group* group_;
  bool scalars_;
  std::uint64_t rows_ = 1, row_ = 0;
  std::map<std::string, std::unique_ptr<Column>, std::less<>> columns_;
};

template <class Record>
void add_row(TableWriter& table, Record& record) {
  describe(table, record);
  table.end_row();
}

/// Into a new group `name`.
template <class Record>
void write_table(const h5::Group& parent, std::string_view name, TableWriter& table) {
  // An empty table still shows its columns.
  if (table.rows() == 0) {
    Record shape{};
    describe(table, shape);
  }
  table.write(parent.create_group(name));
}

/// Writes `records` as a table into a new group `name`.
template <class Record>
void write_table(const h5::Group& parent, std::string_view name, std::span<const Record> records) {
  TableWriter table;
  for (Record record : records) add_row(table, record);
  write_table<Record>(parent, name, table);
}

template <class Record>
[[nodiscard]] std::vector<Record> read_table(const h5::Group& parent, std::string_view name) {
  const h5::Group group = parent.group(name);
  TableReader table(group);
  std::vector<Record> records;
  for (std::uint64_t row = 0; row < table.rows(); ++row) {
    table.begin_row(row);
    describe(table, records.emplace_back());
  }
  return records;
}

/// Writes one record as scalars into `group`.
template <class Record>
void write_record(const h5::Group& group, Record record) {
  TableWriter table;
  add_row(table, record);
  table.write_scalars(group);
}

template <class Record>
void read_record(const h5::Group& group, Record& record) {
  TableReader table(group, true);
  describe(table, record);
}

}  // namespace seccm::files
