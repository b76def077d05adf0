// Text in HDF5 files: attributes of fixed width, arrays of variable length.
#include <hdf5.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "files/hdf5.hpp"
#include "sim/error.hpp"

namespace seccm::files::h5 {
namespace {

void require_plain_text(std::string_view text, const std::string& where) {
  if (text.find('\0') != std::string_view::npos) throw InputError("text for " + where + " contains a NUL character");
}

Handle text_type(std::size_t width) {
  Handle type(H5Tcopy(H5T_C_S1));
  H5Tset_size(type.id(), width);
  H5Tset_cset(type.id(), H5T_CSET_UTF8);
  return type;
}

/// Memory for the texts of one array while the library reads them, `most` bytes in all. Refused memory makes the
/// library leak a buffer of its own: what goes beyond is read into one spare place.
class TextMemory {
 public:
  explicit TextMemory(std::size_t most) : most_(most), left_(most) {}
  [[nodiscard]] bool exceeded() const { return exceeded_; }

  static void* take(size_t bytes, void* memory) {
    auto& self = *static_cast<TextMemory*>(memory);
    if (bytes <= self.left_ && bytes <= largest_text + 1) {
      self.left_ -= bytes;
      self.texts_.push_back(std::make_unique<char[]>(bytes));
      return self.texts_.back().get();
    }
    self.exceeded_ = true;
    if (bytes > self.most_) return nullptr;  // than the file: no such text is there to be read
    if (!self.spare_) self.spare_ = std::make_unique<char[]>(self.most_);
    return self.spare_.get();
  }
  static void give_back(void*, void*) {}  // with the array

 private:
  std::size_t most_, left_;
  bool exceeded_ = false;
  std::vector<std::unique_ptr<char[]>> texts_;
  std::unique_ptr<char[]> spare_;
};

}  // namespace

void Object::set(std::string_view attribute, std::string_view text) const {
  require_plain_text(text, where());
  const Handle type = text_type(std::max<std::size_t>(text.size(), 1));
  H5Tset_strpad(type.id(), H5T_STR_NULLPAD);
  const Handle space(H5Screate(H5S_SCALAR));
  const Handle id(
      H5Acreate2(handle_.id(), std::string(attribute).c_str(), type.id(), space.id(), H5P_DEFAULT, H5P_DEFAULT));
  check(id.id(), "write attribute '" + std::string(attribute) + "' of");
  check(H5Awrite(id.id(), type.id(), std::string(text).c_str()), "write an attribute of");
}

Dataset Group::create_text(std::string_view name, const Layout& layout) const {
  const Handle type = text_type(H5T_VARIABLE);
  return create_of_type(name, type.id(), false, layout);
}

std::vector<const char*> Dataset::pointers_to(std::span<const std::string> rows) const {
  std::vector<const char*> pointers;
  pointers.reserve(rows.size());
  for (const std::string& row : rows) {
    require_plain_text(row, where());
    pointers.push_back(row.c_str());
  }
  return pointers;
}

void Dataset::write_rows(std::uint64_t begin, std::span<const std::string> rows) {
  const Handle type = text_type(H5T_VARIABLE);
  write_part(type.id(), begin, pointers_to(rows).data(), rows.size());
}

void Dataset::write_text(std::span<const std::string> rows) {
  if (rows.size() != size()) throw InputError("cannot write " + where() + ": the data do not have its shape");
  write_rows(0, rows);
}

std::vector<std::string> Dataset::read_text() const {
  const Handle type(H5Dget_type(id()));
  check(type.id(), "open");
  const std::size_t width = H5Tget_size(type.id());
  if (H5Tget_class(type.id()) != H5T_STRING || width == 0) fail("has another element type; text is expected");
  return H5Tis_variable_str(type.id()) > 0 ? read_variable_text() : read_fixed_text(width);
}

std::vector<std::string> Dataset::read_fixed_text(std::size_t width) const {
  if (width > largest_text) fail("claims texts of " + std::to_string(width) + " bytes, more than this format holds");
  const Handle type(H5Dget_type(id()));
  const auto rows = static_cast<std::size_t>(checked_size(width));
  std::string buffer(rows * width, '\0');
  if (rows > 0) check(H5Dread(id(), type.id(), H5S_ALL, H5S_ALL, H5P_DEFAULT, buffer.data()), "read");
  std::vector<std::string> texts(rows);
  for (std::size_t k = 0; k < rows; ++k) {
    const auto cell = std::string_view(buffer).substr(k * width, width);
    texts[k] = cell.substr(0, cell.find('\0'));
  }
  return texts;
}

std::vector<std::string> Dataset::read_variable_text() const {
  const auto rows = static_cast<std::size_t>(checked_size(sizeof(char*)));
  std::vector<char*> pointers(rows, nullptr);
  // Texts are not compressed: together with their terminators they can not be longer than the file.
  TextMemory memory(static_cast<std::size_t>(file_->bytes) + rows);
  const Handle transfer(H5Pcreate(H5P_DATASET_XFER));
  H5Pset_vlen_mem_manager(transfer.id(), TextMemory::take, &memory, TextMemory::give_back, &memory);
  const Handle type = text_type(H5T_VARIABLE);
  if (rows > 0) {
    check(H5Dread(id(), type.id(), H5S_ALL, H5S_ALL, transfer.id(), static_cast<void*>(pointers.data())), "read");
  }
  if (memory.exceeded()) fail("claims more text than its file holds");
  std::vector<std::string> texts(rows);
  for (std::size_t k = 0; k < rows; ++k) {
    if (pointers[k] != nullptr) texts[k] = pointers[k];
  }
  return texts;
}

}  // namespace seccm::files::h5
