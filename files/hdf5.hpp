// The one seam to HDF5: a small RAII layer over the C library. Only the sources hdf5*.cpp see hdf5.h.
//
// Writing. An OutputFile is built under a temporary name and takes its final name in `commit` (files/atomic_file.hpp).
// The bytes depend on the content alone: no time stamps, a fixed file-format version. Behind the HDF5 data stands a
// 24-byte footer with length and CRC-32 of everything before it; HDF5 readers ignore it.
//
// Reading is hostile. Footer and checksum are verified before the library parses anything (it is not made to survive
// damaged metadata, so a file without footer is refused); types, ranks and sizes are checked
// before memory is taken; an array may not claim more than its file can hold (deflate expands at most 1032 times).
// Every failure is an InputError that names file, object, what was found and what was expected.
//
// Arrays hold exactly the listed little-endian types; text is UTF-8 of variable length, which every reader built on
// netCDF-4 takes for text (arrays of fixed width crash it). Each array of a table is attached to dimension scales that
// the HDF5 library accepts as such, so that h5py, netCDF-4 and xarray find names, units and coordinates.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace seccm::files::h5 {

inline constexpr std::uint64_t largest_text = std::uint64_t{1} << 24;  ///< bytes of one text that is read

enum class Element { u8, i16, u16, i32, i64, u64, f64 };
template <class T>
inline constexpr Element element_of = [] {
  static_assert(sizeof(T) == 0, "not an element type of the file formats");
  return Element::u8;
}();
template <>
inline constexpr Element element_of<std::uint8_t> = Element::u8;
template <>
inline constexpr Element element_of<std::int16_t> = Element::i16;
template <>
inline constexpr Element element_of<std::uint16_t> = Element::u16;
template <>
inline constexpr Element element_of<std::int32_t> = Element::i32;
template <>
inline constexpr Element element_of<std::int64_t> = Element::i64;
template <>
inline constexpr Element element_of<std::uint64_t> = Element::u64;
template <>
inline constexpr Element element_of<double> = Element::f64;

/// What a file is for messages and limits: its path and its size.
struct FileInfo {
  std::filesystem::path path;
  std::uint64_t bytes = 0;
  const int* write_error = nullptr;  ///< errno of the first failed write; null while reading
};

/// Owns one HDF5 identifier of any kind.
class Handle {
 public:
  Handle() = default;
  explicit Handle(std::int64_t id) : id_(id) {}
  ~Handle();
  Handle(Handle&& other) noexcept;
  Handle& operator=(Handle&& other) noexcept;
  [[nodiscard]] std::int64_t id() const { return id_; }
  void reset();

 private:
  std::int64_t id_ = -1;
};

struct ScaleUse;

/// A group or a dataset: something with a name and attributes.
class Object {
 public:
  Object(std::shared_ptr<const FileInfo> file, std::string name, Handle handle)
      : file_(std::move(file)), name_(std::move(name)), handle_(std::move(handle)) {}
  void set(std::string_view attribute, std::string_view text) const;
  void set(std::string_view attribute, double value) const;
  void set(std::string_view attribute, std::int64_t value) const;
  /// Throws if the attribute is missing, of another type, or (real) not finite.
  [[nodiscard]] std::string text(std::string_view attribute) const;
  [[nodiscard]] double real(std::string_view attribute) const;
  [[nodiscard]] std::int64_t integer(std::string_view attribute) const;
  [[nodiscard]] bool has_attribute(std::string_view attribute) const;
  /// "'/points/t_start' in 'run.h5'"
  [[nodiscard]] std::string where() const;
  /// Throws InputError: file, object and `problem`.
  [[noreturn]] void fail(const std::string& problem) const;

 protected:
  [[nodiscard]] std::int64_t id() const { return handle_.id(); }
  /// Turns a failed library call into the InputError that fits it.
  void check(std::int64_t status, std::string_view what) const;

  std::shared_ptr<const FileInfo> file_;
  std::string name_;
  Handle handle_;
  friend class Group;
  friend class Dataset;
  friend void attach_scales(std::span<const ScaleUse> uses);
};

class Dataset : public Object {
 public:
  using Object::Object;
  [[nodiscard]] const std::vector<std::uint64_t>& shape() const { return shape_; }
  [[nodiscard]] std::uint64_t size() const;

  template <class T>
  void write(std::span<const T> values) {
    write_raw(element_of<T>, values.data(), values.size());
  }
  /// Appends to a one-dimensional array.
  template <class T>
  void append(std::span<const T> values) {
    append_raw(element_of<T>, values.data(), values.size());
  }
  /// All elements in row-major order.
  template <class T>
  [[nodiscard]] std::vector<T> read() const {
    require(element_of<T>);
    std::vector<T> values(static_cast<std::size_t>(checked_size(sizeof(T))));
    read_raw(element_of<T>, values.data());
    return values;
  }
  /// Elements [begin, begin + out.size()) of a one-dimensional array.
  template <class T>
  void read(std::uint64_t begin, std::span<T> out) const {
    require(element_of<T>);
    read_range(element_of<T>, begin, out.data(), out.size());
  }
  /// Elements [begin, begin + values.size()) of a one-dimensional array of fixed size.
  template <class T>
  void write_rows(std::uint64_t begin, std::span<const T> values) {
    write_range(element_of<T>, begin, values.data(), values.size());
  }
  void write_rows(std::uint64_t begin, std::span<const std::string> rows);
  void write_text(std::span<const std::string> rows);
  /// Text of variable length, or of fixed width padded with NUL.
  [[nodiscard]] std::vector<std::string> read_text() const;
  /// Throws unless the array holds exactly this type.
  void require(Element element) const;
  void require_shape(std::span<const std::uint64_t> shape) const;

 private:
  friend class Group;
  void load_shape();
  [[nodiscard]] std::uint64_t checked_size(std::uint64_t element_bytes) const;
  void write_raw(Element element, const void* data, std::size_t count);
  void write_range(Element element, std::uint64_t begin, const void* data, std::size_t count);
  void write_part(std::int64_t type, std::uint64_t begin, const void* data, std::size_t count);
  /// Pointers to the texts, as the library takes them.
  [[nodiscard]] std::vector<const char*> pointers_to(std::span<const std::string> rows) const;
  [[nodiscard]] std::vector<std::string> read_fixed_text(std::size_t width) const;
  [[nodiscard]] std::vector<std::string> read_variable_text() const;
  void append_raw(Element element, const void* data, std::size_t count);
  void read_raw(Element element, void* data) const;
  void read_range(Element element, std::uint64_t begin, void* data, std::size_t count) const;

  std::vector<std::uint64_t> shape_;
};

/// How an array is stored. Without chunk it is contiguous.
struct Layout {
  std::vector<std::uint64_t> shape;  ///< empty: a scalar
  std::vector<std::uint64_t> chunk;
  bool growing = false;  ///< the first dimension can be appended to
  unsigned deflate = 1;  ///< level, for chunked arrays; 0 none
};

class Group : public Object {
 public:
  using Object::Object;
  [[nodiscard]] Group create_group(std::string_view name) const;
  [[nodiscard]] Group group(std::string_view name) const;
  [[nodiscard]] bool has(std::string_view name) const;
  /// Names of the members, sorted.
  [[nodiscard]] std::vector<std::string> names() const;

  template <class T>
  [[nodiscard]] Dataset create(std::string_view name, const Layout& layout) const {
    return create_raw(name, element_of<T>, layout);
  }
  /// Text of variable length.
  [[nodiscard]] Dataset create_text(std::string_view name, const Layout& layout) const;
  [[nodiscard]] Dataset dataset(std::string_view name) const;
  /// A dimension without values (the netCDF-4 convention): it stores its length only.
  [[nodiscard]] Dataset create_dimension(std::string_view name, std::uint64_t length) const;

 private:
  [[nodiscard]] std::string child(std::string_view name) const;
  [[nodiscard]] Dataset create_raw(std::string_view name, Element element, const Layout& layout) const;
  [[nodiscard]] Dataset create_of_type(std::string_view name, std::int64_t type, bool shuffled,
                                       const Layout& layout) const;
};

/// One attachment of a scale: dimension `axis` of `*data` is labelled by `*scale`.
struct ScaleUse {
  const Dataset* data;
  unsigned axis;
  const Dataset* scale;
};
/// Marks the scales as the HDF5 Dimension Scales specification says and attaches them. Call once per scale, with
/// everything that uses it.
void attach_scales(std::span<const ScaleUse> uses);

/// A file that is being built.
class OutputFile {
 public:
  explicit OutputFile(const std::filesystem::path& target);
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;
  [[nodiscard]] Group root() const;
  /// Closes the library's side, writes the footer and gives the file its final name. Groups and datasets of this file
  /// must not be used afterwards.
  void commit();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// A file that is read.
class InputFile {
 public:
  /// `schema` and `version` are what the root attributes "schema" and "schema_version" have to say.
  InputFile(const std::filesystem::path& path, std::string_view schema, int version);
  ~InputFile();
  InputFile(InputFile&&) noexcept;
  [[nodiscard]] Group root() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Sets the root attributes "schema" and "schema_version".
void set_schema(const Group& root, std::string_view schema, int version);

}  // namespace seccm::files::h5
