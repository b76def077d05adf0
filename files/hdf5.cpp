// Longer than 500 lines: the handles, types and errors of one library, each a few lines; its driver, scales and texts
// are files of their own.
#include "files/hdf5.hpp"

#include <hdf5.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <utility>

#include "files/atomic_file.hpp"
#include "files/checksum.hpp"
#include "files/hdf5_driver.hpp"
#include "sim/error.hpp"

static_assert(std::endian::native == std::endian::little, "the file formats are little-endian and written as they are");
static_assert(sizeof(hid_t) == sizeof(std::int64_t));

namespace seccm::files::h5 {
namespace {

constexpr std::uint64_t largest_array = std::uint64_t{1} << 32;  // bytes
constexpr std::uint64_t most_members = 100000;

/// What the library prints of an error, it prints per thread.
void silence() {
  thread_local bool done = false;
  if (!done) H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
  done = true;
}

hid_t file_type(Element element) {
  switch (element) {
    case Element::u8:
      return H5T_STD_U8LE;
    case Element::i16:
      return H5T_STD_I16LE;
    case Element::u16:
      return H5T_STD_U16LE;
    case Element::i32:
      return H5T_STD_I32LE;
    case Element::i64:
      return H5T_STD_I64LE;
    case Element::u64:
      return H5T_STD_U64LE;
    case Element::f64:
      break;
  }
  return H5T_IEEE_F64LE;
}

std::string_view type_name(Element element) {
  constexpr std::array<std::string_view, 7> names{"unsigned 8-bit", "signed 16-bit", "unsigned 16-bit",
                                                  "signed 32-bit",  "signed 64-bit", "unsigned 64-bit",
                                                  "64-bit float"};
  return names[static_cast<std::size_t>(element)];
}

herr_t innermost(unsigned /*level*/, const H5E_error2_t* entry, void* text) {
  auto& words = *static_cast<std::string*>(text);
  if (words.empty() && entry->desc != nullptr) words = entry->desc;
  return 0;
}

std::string words_of_last_failure() {
  std::string words;
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, innermost, &words);
  // Some messages carry addresses of the process; only the words before them say something to a reader.
  words.resize(std::min(words.find_first_of(":=,\n"), words.size()));
  return words;
}

herr_t note_shortage(unsigned /*level*/, const H5E_error2_t* entry, void* found) {
  if (entry->min_num == H5E_NOSPACE || entry->min_num == H5E_CANTALLOC) *static_cast<bool*>(found) = true;
  return 0;
}

/// Whether the library had no memory.
bool last_failure_is_of_memory() {
  bool found = false;
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, note_shortage, &found);
  return found;
}

[[noreturn]] void reject(const std::filesystem::path& path, const std::string& problem) {
  throw InputError("cannot read '" + path.string() + "': " + problem);
}

}  // namespace

// ---- Handle

Handle::~Handle() {
  reset();
}
Handle::Handle(Handle&& other) noexcept : id_(std::exchange(other.id_, -1)) {}
Handle& Handle::operator=(Handle&& other) noexcept {
  if (this != &other) {
    reset();
    id_ = std::exchange(other.id_, -1);
  }
  return *this;
}
void Handle::reset() {
  if (id_ >= 0 && H5Iis_valid(id_) > 0) H5Idec_ref(id_);
  id_ = -1;
}

// ---- Object

std::string Object::where() const {
  return "'" + name_ + "' in '" + file_->path.string() + "'";
}

void Object::fail(const std::string& problem) const {
  reject(file_->path, "'" + name_ + "' " + problem);
}

void Object::check(std::int64_t status, std::string_view what) const {
  const bool writing = file_->write_error != nullptr;
  if (writing && *file_->write_error != 0) throw_write_error(file_->path, *file_->write_error);
  if (status >= 0) return;
  const std::string words = words_of_last_failure();
  if (last_failure_is_of_memory())
    throw ResourceError("cannot " + std::string(what) + " " + where() + ": not enough memory");
  throw InputError("cannot " + std::string(what) + " " + where() + (words.empty() ? "" : ": HDF5 says: " + words) +
                   (writing ? "" : ". The file is damaged or was not written by this software"));
}

void Object::set(std::string_view attribute, double value) const {
  const Handle space(H5Screate(H5S_SCALAR));
  const Handle id(
      H5Acreate2(handle_.id(), std::string(attribute).c_str(), H5T_IEEE_F64LE, space.id(), H5P_DEFAULT, H5P_DEFAULT));
  check(id.id(), "write attribute '" + std::string(attribute) + "' of");
  check(H5Awrite(id.id(), H5T_IEEE_F64LE, &value), "write an attribute of");
}

void Object::set(std::string_view attribute, std::int64_t value) const {
  const Handle space(H5Screate(H5S_SCALAR));
  const Handle id(
      H5Acreate2(handle_.id(), std::string(attribute).c_str(), H5T_STD_I64LE, space.id(), H5P_DEFAULT, H5P_DEFAULT));
  check(id.id(), "write attribute '" + std::string(attribute) + "' of");
  check(H5Awrite(id.id(), H5T_STD_I64LE, &value), "write an attribute of");
}

bool Object::has_attribute(std::string_view attribute) const {
  return H5Aexists(handle_.id(), std::string(attribute).c_str()) > 0;
}

namespace {

/// Opens a scalar attribute of the given class and size in bytes (0: any up to the text limit).
Handle open_attribute(std::int64_t object, std::string_view name, H5T_class_t kind, std::size_t& bytes) {
  Handle id(H5Aopen(object, std::string(name).c_str(), H5P_DEFAULT));
  if (id.id() < 0) return id;
  const Handle space(H5Aget_space(id.id()));
  const Handle type(H5Aget_type(id.id()));
  const std::size_t found = H5Tget_size(type.id());
  const bool fits = H5Sget_simple_extent_type(space.id()) == H5S_SCALAR && H5Tget_class(type.id()) == kind &&
                    H5Tis_variable_str(type.id()) <= 0 && found > 0 &&
                    (bytes == 0 ? found <= largest_text : found == bytes);
  if (!fits) return Handle();
  bytes = found;
  return id;
}

}  // namespace

std::string Object::text(std::string_view attribute) const {
  std::size_t bytes = 0;
  const Handle id = open_attribute(handle_.id(), attribute, H5T_STRING, bytes);
  if (id.id() < 0) fail("has no attribute '" + std::string(attribute) + "' with fixed-width text");
  std::string value(bytes, '\0');
  const Handle type(H5Aget_type(id.id()));
  check(H5Aread(id.id(), type.id(), value.data()), "read an attribute of");
  value.resize(std::min(value.find('\0'), value.size()));
  return value;
}

double Object::real(std::string_view attribute) const {
  std::size_t bytes = sizeof(double);
  const Handle id = open_attribute(handle_.id(), attribute, H5T_FLOAT, bytes);
  if (id.id() < 0) fail("has no attribute '" + std::string(attribute) + "' with a 64-bit float");
  double value = 0.0;
  check(H5Aread(id.id(), H5T_NATIVE_DOUBLE, &value), "read an attribute of");
  if (!std::isfinite(value)) fail("has an attribute '" + std::string(attribute) + "' that is not a finite number");
  return value;
}

std::int64_t Object::integer(std::string_view attribute) const {
  std::size_t bytes = sizeof(std::int64_t);
  const Handle id = open_attribute(handle_.id(), attribute, H5T_INTEGER, bytes);
  if (id.id() < 0) fail("has no attribute '" + std::string(attribute) + "' with a 64-bit integer");
  std::int64_t value = 0;
  check(H5Aread(id.id(), H5T_NATIVE_INT64, &value), "read an attribute of");
  return value;
}

// ---- Dataset

std::uint64_t Dataset::size() const {
  std::uint64_t n = 1;
  for (const std::uint64_t d : shape_) n *= d;
  return n;
}

void Dataset::load_shape() {
  const Handle space(H5Dget_space(id()));
  check(space.id(), "open");
  const int rank = H5Sget_simple_extent_ndims(space.id());
  if (rank < 0 || rank > 3 || H5Sget_simple_extent_type(space.id()) == H5S_NULL)
    fail("has " + std::to_string(rank) + " dimensions; 0 to 3 are expected");
  std::array<hsize_t, 3> extent{};
  if (rank > 0) check(H5Sget_simple_extent_dims(space.id(), extent.data(), nullptr), "open");
  shape_.assign(extent.begin(), extent.begin() + rank);
  for (const std::uint64_t d : shape_)
    if (d > largest_array) fail("claims an extent of " + std::to_string(d) + ", more than this format holds");
}

void Dataset::require(Element element) const {
  const Handle type(H5Dget_type(id()));
  check(type.id(), "open");
  if (H5Tequal(type.id(), file_type(element)) <= 0)
    fail("has another element type; " + std::string(type_name(element)) + " little-endian is expected");
}

void Dataset::require_shape(std::span<const std::uint64_t> shape) const {
  if (std::equal(shape_.begin(), shape_.end(), shape.begin(), shape.end())) return;
  const auto list = [](std::span<const std::uint64_t> dims) {
    std::string text;
    for (const std::uint64_t d : dims) text += (text.empty() ? "" : " x ") + std::to_string(d);
    return text.empty() ? std::string("scalar") : text;
  };
  fail("is " + list(shape_) + "; " + list(shape) + " is expected");
}

std::uint64_t Dataset::checked_size(std::uint64_t element_bytes) const {
  // Deflate can not expand more than 1032 times, so a larger claim is false whatever the data are.
  const std::uint64_t limit = std::min(largest_array, file_->bytes * 1100 + 4096) / element_bytes;
  std::uint64_t n = 1;
  for (const std::uint64_t d : shape_) {
    if (d != 0 && n > limit / d)
      fail("claims more data than its file of " + std::to_string(file_->bytes) + " bytes can hold");
    n *= d;
  }
  return n;
}

void Dataset::write_raw(Element element, const void* data, std::size_t count) {
  if (count != size()) throw InputError("cannot write " + where() + ": the data do not have its shape");
  if (count > 0) check(H5Dwrite(id(), file_type(element), H5S_ALL, H5S_ALL, H5P_DEFAULT, data), "write");
}

void Dataset::write_range(Element element, std::uint64_t begin, const void* data, std::size_t count) {
  write_part(file_type(element), begin, data, count);
}

void Dataset::write_part(std::int64_t type, std::uint64_t begin, const void* data, std::size_t count) {
  if (count == 0) return;
  const hsize_t from = begin, n = count;
  const Handle target(H5Dget_space(id()));
  const Handle memory(H5Screate_simple(1, &n, nullptr));
  if (!shape_.empty())  // a scalar has no rows to select
    check(H5Sselect_hyperslab(target.id(), H5S_SELECT_SET, &from, nullptr, &n, nullptr), "write");
  check(H5Dwrite(id(), type, memory.id(), target.id(), H5P_DEFAULT, data), "write");
}

void Dataset::append_raw(Element element, const void* data, std::size_t count) {
  if (count == 0) return;
  const hsize_t begin = shape_.at(0);
  const hsize_t n = count;
  const hsize_t end = begin + n;
  check(H5Dset_extent(id(), &end), "extend");
  shape_[0] = end;
  write_part(file_type(element), begin, data, count);
}

void Dataset::read_raw(Element element, void* data) const {
  silence();
  if (size() > 0) check(H5Dread(id(), file_type(element), H5S_ALL, H5S_ALL, H5P_DEFAULT, data), "read");
}

void Dataset::read_range(Element element, std::uint64_t begin, void* data, std::size_t count) const {
  silence();
  if (shape_.size() != 1 || begin > shape_[0] || count > shape_[0] - begin) fail("does not hold the requested range");
  if (count == 0) return;
  const hsize_t first = begin;
  const hsize_t n = count;
  const Handle source(H5Dget_space(id()));
  const Handle memory(H5Screate_simple(1, &n, nullptr));
  check(H5Sselect_hyperslab(source.id(), H5S_SELECT_SET, &first, nullptr, &n, nullptr), "read");
  check(H5Dread(id(), file_type(element), memory.id(), source.id(), H5P_DEFAULT, data), "read");
}

// ---- Group

std::string Group::child(std::string_view name) const {
  return (name_ == "/" ? std::string() : name_) + "/" + std::string(name);
}

Group Group::create_group(std::string_view name) const {
  const Handle properties(H5Pcreate(H5P_GROUP_CREATE));
  H5Pset_obj_track_times(properties.id(), false);
  H5Pset_link_creation_order(properties.id(), H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED);
  Group made(file_, child(name),
             Handle(H5Gcreate2(id(), std::string(name).c_str(), H5P_DEFAULT, properties.id(), H5P_DEFAULT)));
  made.check(made.id(), "create");
  return made;
}

bool Group::has(std::string_view name) const {
  return !name.empty() && H5Lexists(id(), std::string(name).c_str(), H5P_DEFAULT) > 0;
}

namespace {

/// Opens a member only if it is a hard link to an object of the wanted type: soft and external links could lead into
/// another file.
Handle open_member(std::int64_t group, const std::string& name, H5I_type_t wanted) {
  H5L_info_t link{};
  if (H5Lget_info(group, name.c_str(), &link, H5P_DEFAULT) < 0 || link.type != H5L_TYPE_HARD) return Handle();
  Handle object(H5Oopen(group, name.c_str(), H5P_DEFAULT));
  if (object.id() >= 0 && H5Iget_type(object.id()) != wanted) return Handle();
  return object;
}

}  // namespace

Group Group::group(std::string_view name) const {
  silence();
  Group found(file_, child(name), open_member(id(), std::string(name), H5I_GROUP));
  if (found.id() < 0) found.fail("is missing or is not a group");
  return found;
}

Dataset Group::dataset(std::string_view name) const {
  silence();
  Dataset found(file_, child(name), open_member(id(), std::string(name), H5I_DATASET));
  if (found.id() < 0) found.fail("is missing or is not an array");
  const Handle properties(H5Dget_create_plist(found.id()));
  found.check(properties.id(), "open");
  if (H5Pget_layout(properties.id()) == H5D_VIRTUAL || H5Pget_external_count(properties.id()) > 0)
    found.fail("keeps its data in another file, which is not accepted");
  found.load_shape();
  return found;
}

std::vector<std::string> Group::names() const {
  H5G_info_t info{};
  check(H5Gget_info(id(), &info), "list");
  if (info.nlinks > most_members) fail("claims " + std::to_string(info.nlinks) + " members");
  std::vector<std::string> found;
  for (hsize_t k = 0; k < info.nlinks; ++k) {
    const ssize_t length = H5Lget_name_by_idx(id(), ".", H5_INDEX_NAME, H5_ITER_INC, k, nullptr, 0, H5P_DEFAULT);
    check(length, "list");
    std::string name(static_cast<std::size_t>(length) + 1, '\0');
    check(H5Lget_name_by_idx(id(), ".", H5_INDEX_NAME, H5_ITER_INC, k, name.data(), name.size(), H5P_DEFAULT), "list");
    name.pop_back();
    found.push_back(std::move(name));
  }
  std::sort(found.begin(), found.end());
  return found;
}

Dataset Group::create_raw(std::string_view name, Element element, const Layout& layout) const {
  return create_of_type(name, file_type(element), true, layout);
}

Dataset Group::create_of_type(std::string_view name, std::int64_t type, bool shuffled, const Layout& layout) const {
  const Handle properties(H5Pcreate(H5P_DATASET_CREATE));
  H5Pset_obj_track_times(properties.id(), false);
  H5Pset_attr_creation_order(properties.id(), H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED);
  std::vector<hsize_t> shape(layout.shape.begin(), layout.shape.end());
  std::vector<hsize_t> limit = shape;
  if (layout.growing) limit.at(0) = H5S_UNLIMITED;
  if (!layout.chunk.empty()) {
    const std::vector<hsize_t> chunk(layout.chunk.begin(), layout.chunk.end());
    H5Pset_chunk(properties.id(), static_cast<int>(chunk.size()), chunk.data());
    if (layout.deflate > 0) {
      if (shuffled) H5Pset_shuffle(properties.id());
      H5Pset_deflate(properties.id(), layout.deflate);
    }
  }
  const Handle space(shape.empty() ? H5Screate(H5S_SCALAR)
                                   : H5Screate_simple(static_cast<int>(shape.size()), shape.data(), limit.data()));
  Dataset made(
      file_, child(name),
      Handle(H5Dcreate2(id(), std::string(name).c_str(), type, space.id(), H5P_DEFAULT, properties.id(), H5P_DEFAULT)));
  made.check(made.id(), "create");
  made.shape_ = layout.shape;
  return made;
}

// ---- files

namespace {

constexpr std::string_view footer_magic = "SECCMCRC";
constexpr std::size_t footer_bytes = 24;  // magic, length (u64), CRC-32 (u32), zero (u32)

std::string make_footer(std::uint64_t length, std::uint32_t crc) {
  std::string footer(footer_magic);
  footer.resize(footer_bytes, '\0');
  std::memcpy(footer.data() + 8, &length, sizeof length);
  std::memcpy(footer.data() + 16, &crc, sizeof crc);
  return footer;
}

void verify_footer(const std::filesystem::path& path, std::uint64_t bytes, const std::string& expected) {
  const std::uint64_t length = bytes - std::min<std::uint64_t>(bytes, footer_bytes);
  const std::string footer = read_bytes(path, length, footer_bytes);
  if (!footer.starts_with(footer_magic) || footer.size() != footer_bytes)
    reject(path, "it is truncated, or another program wrote or changed it (no checksum at its end); " + expected);
  if (footer != make_footer(length, crc32_of_file(path, length)))
    reject(path, "its checksum does not fit its content: the file was damaged or changed after it was written");
}

hid_t access_properties() {
  const hid_t access = H5Pcreate(H5P_FILE_ACCESS);
  H5Pset_libver_bounds(access, H5F_LIBVER_V18, H5F_LIBVER_V18);
  H5Pset_fclose_degree(access, H5F_CLOSE_STRONG);
  return access;
}

/// What the library may keep of a file that is being written. Every chunk is written once, whole: none waits. Of the
/// index it counts the bytes on disk, 2 kB to a node of 64 chunks, and holds ten times as many.
void bound_memory(std::int64_t access) {
  constexpr std::size_t index_bytes = 64 * 1024;
  H5Pset_cache(access, 0, 0, 0, 0.0);
  H5AC_cache_config_t cache{};
  cache.version = H5AC__CURR_CACHE_CONFIG_VERSION;
  H5Pget_mdc_config(access, &cache);
  cache.set_initial_size = true;
  cache.initial_size = cache.min_size = cache.max_size = index_bytes;
  cache.incr_mode = H5C_incr__off;
  cache.flash_incr_mode = H5C_flash_incr__off;
  cache.decr_mode = H5C_decr__off;
  H5Pset_mdc_config(access, &cache);
}

}  // namespace

struct OutputFile::Impl {
  explicit Impl(const std::filesystem::path& where)
      : atomic(where),
        target{atomic.descriptor(), 0},
        info(std::make_shared<FileInfo>(FileInfo{atomic.target(), 0, &target.error})) {}
  AtomicFile atomic;
  WriteTarget target;
  std::shared_ptr<FileInfo> info;
  Handle file;
};

OutputFile::OutputFile(const std::filesystem::path& target) : impl_(std::make_unique<Impl>(target)) {
  silence();
  const Handle access(access_properties());
  bound_memory(access.id());
  const Handle creation(H5Pcreate(H5P_FILE_CREATE));
  H5Pset_obj_track_times(creation.id(), false);
  H5Pset_link_creation_order(creation.id(), H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED);
  use_write_driver(access.id(), impl_->target);
  impl_->file = Handle(H5Fcreate(impl_->atomic.path().c_str(), H5F_ACC_TRUNC, creation.id(), access.id()));
  if (impl_->target.error != 0) throw_write_error(impl_->info->path, impl_->target.error);
  if (impl_->file.id() < 0)
    throw InputError("cannot write '" + impl_->info->path.string() + "': HDF5 says: " + words_of_last_failure());
}

OutputFile::~OutputFile() = default;

Group OutputFile::root() const {
  return Group(impl_->info, "/", Handle(H5Gopen2(impl_->file.id(), "/", H5P_DEFAULT)));
}

void OutputFile::commit() {
  impl_->file.reset();
  if (impl_->target.error != 0) throw_write_error(impl_->info->path, impl_->target.error);
  const auto length = static_cast<std::uint64_t>(std::filesystem::file_size(impl_->atomic.path()));
  impl_->atomic.append(make_footer(length, crc32_of_file(impl_->atomic.path(), length)));
  impl_->atomic.commit();
}

struct InputFile::Impl {
  std::shared_ptr<FileInfo> info;
  Handle file;
};

InputFile::InputFile(const std::filesystem::path& path, std::string_view schema, int version)
    : impl_(std::make_unique<Impl>()) {
  silence();
  const std::uint64_t bytes = readable_size(path);
  impl_->info = std::make_shared<FileInfo>(FileInfo{path, bytes, nullptr});
  const std::string expected =
      "an HDF5 file of schema '" + std::string(schema) + "' version " + std::to_string(version) + " is expected";
  if (read_bytes(path, 0, 8) != std::string("\x89HDF\r\n\x1a\n", 8))
    reject(path, "it is not an HDF5 file; " + expected);
  verify_footer(path, bytes, expected);
  const Handle access(access_properties());
  impl_->file = Handle(H5Fopen(path.c_str(), H5F_ACC_RDONLY, access.id()));
  if (impl_->file.id() < 0) reject(path, "it is damaged (HDF5 says: " + words_of_last_failure() + "); " + expected);
  const Group top = root();
  if (!top.has_attribute("schema")) reject(path, "it is an HDF5 file of another program (no 'schema'); " + expected);
  const std::string found = top.text("schema");
  if (found != schema) reject(path, "its schema is '" + found + "'; " + expected);
  const std::int64_t found_version = top.integer("schema_version");
  if (found_version != version)
    reject(path, "its schema '" + found + "' has version " + std::to_string(found_version) + "; " + expected);
}

InputFile::~InputFile() = default;
InputFile::InputFile(InputFile&&) noexcept = default;

Group InputFile::root() const {
  Group top(impl_->info, "/", Handle(H5Gopen2(impl_->file.id(), "/", H5P_DEFAULT)));
  return top;
}

void set_schema(const Group& root, std::string_view schema, int version) {
  root.set("schema", schema);
  root.set("schema_version", std::int64_t{version});
}

}  // namespace seccm::files::h5
