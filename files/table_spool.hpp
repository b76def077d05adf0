// A table whose rows wait in a scratch file, column by column: it writes what a TableWriter writes, byte for byte, and
// keeps one block of each column in memory however many rows there are. Lists within a record are not for it.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "files/fields.hpp"
#include "files/hdf5.hpp"
#include "files/scratch_file.hpp"

namespace seccm::files {

class TableSpool final : public FieldVisitor {
 public:
  /// `scratch`, which several tables may share, has to outlive it.
  explicit TableSpool(ScratchFile& scratch);
  ~TableSpool() override;
  /// Ends one record: every record has to visit the same fields.
  void end_row() { ++rows_; }
  [[nodiscard]] std::uint64_t rows() const { return rows_; }
  /// Writes arrays of `rows` elements.
  void write(const h5::Group& group) const;

  void real(std::string_view name, std::string_view unit, double& value) override;
  void integer(std::string_view name, std::string_view unit, std::int64_t& value) override;
  void whole(std::string_view name, std::string_view unit, std::uint64_t& value) override;
  void boolean(std::string_view name, bool& value) override;
  void text(std::string_view name, std::string& value) override;
  void choice(std::string_view name, std::span<const std::string_view> names, int& value) override;
  /// Throws std::logic_error.
  void reals(std::string_view name, std::string_view unit, std::vector<double>& values) override;

 private:
  struct Column;
  Column& column(std::string_view name, std::string_view unit, h5::Element element, bool text = false);
  [[nodiscard]] h5::Dataset write_column(const h5::Group& group, const Column& column) const;

  ScratchFile& scratch_;
  std::vector<std::unique_ptr<Column>> columns_;
  std::size_t next_ = 0;  // column that the record visits next
  std::uint64_t rows_ = 0;
};

template <class Record>
void add_row(TableSpool& table, Record& record) {
  describe(table, record);
  table.end_row();
}

/// Into a new group `name`.
template <class Record>
void write_table(const h5::Group& parent, std::string_view name, TableSpool& table) {
  // An empty table still shows its columns.
  if (table.rows() == 0) {
    Record shape{};
    describe(table, shape);
  }
  table.write(parent.create_group(name));
}

}  // namespace seccm::files
