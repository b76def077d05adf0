#include "files/hdf5_driver.hpp"

#include <hdf5.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

namespace seccm::files::h5 {
namespace {

struct Access {
  WriteTarget* target = nullptr;
};

/// Bytes that did not reach the disk.
struct Kept {
  haddr_t begin = 0;
  std::string bytes;
};

/// HDF5 knows this as its H5FD_t, which has to come first.
struct OpenFile {
  H5FD_t base{};
  WriteTarget* target = nullptr;
  haddr_t allocated = 0;
  haddr_t end = 0;
  std::vector<Kept> kept;
};

OpenFile& self(H5FD_t* file) {
  return *reinterpret_cast<OpenFile*>(file);
}
const OpenFile& self(const H5FD_t* file) {
  return *reinterpret_cast<const OpenFile*>(file);
}

H5FD_t* open_file(const char* /*name*/, unsigned /*flags*/, hid_t access, haddr_t /*largest*/) {
  const auto* info = static_cast<const Access*>(H5Pget_driver_info(access));
  if (info == nullptr || info->target == nullptr) return nullptr;
  auto file = std::make_unique<OpenFile>();
  file->target = info->target;
  struct stat status {};
  if (::fstat(file->target->descriptor, &status) == 0) file->end = static_cast<haddr_t>(status.st_size);
  return &file.release()->base;
}

herr_t close_file(H5FD_t* file) {
  const std::unique_ptr<OpenFile> owner(&self(file));
  return 0;
}

herr_t query(const H5FD_t* /*file*/, unsigned long* flags) {
  *flags = H5FD_FEAT_AGGREGATE_METADATA | H5FD_FEAT_ACCUMULATE_METADATA | H5FD_FEAT_DATA_SIEVE |
           H5FD_FEAT_AGGREGATE_SMALLDATA;
  return 0;
}

haddr_t get_allocated(const H5FD_t* file, H5FD_mem_t /*type*/) {
  return self(file).allocated;
}

herr_t set_allocated(H5FD_t* file, H5FD_mem_t /*type*/, haddr_t address) {
  self(file).allocated = address;
  return 0;
}

haddr_t get_end(const H5FD_t* file, H5FD_mem_t /*type*/) {
  return self(file).end;
}

/// Lays what was kept over the bytes [begin, begin + size) of `buffer`.
void overlay(const OpenFile& file, haddr_t begin, std::size_t size, char* buffer) {
  for (const Kept& k : file.kept) {
    const haddr_t from = std::max(begin, k.begin);
    const haddr_t to = std::min<haddr_t>(begin + size, k.begin + k.bytes.size());
    if (from < to) std::memcpy(buffer + (from - begin), k.bytes.data() + (from - k.begin), to - from);
  }
}

herr_t read(H5FD_t* file, H5FD_mem_t /*type*/, hid_t /*transfer*/, haddr_t begin, std::size_t size, void* buffer) {
  auto* bytes = static_cast<char*>(buffer);
  std::memset(bytes, 0, size);
  std::size_t done = 0;
  while (done < size) {
    const ssize_t n =
        ::pread(self(file).target->descriptor, bytes + done, size - done, static_cast<off_t>(begin + done));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return -1;
    if (n == 0) break;
    done += static_cast<std::size_t>(n);
  }
  overlay(self(file), begin, size, bytes);
  return 0;
}

herr_t write(H5FD_t* file, H5FD_mem_t /*type*/, hid_t /*transfer*/, haddr_t begin, std::size_t size,
             const void* buffer) {
  OpenFile& f = self(file);
  const auto* bytes = static_cast<const char*>(buffer);
  f.end = std::max(f.end, begin + size);
  std::size_t done = 0;
  while (f.target->error == 0 && done < size) {
    const ssize_t n = ::pwrite(f.target->descriptor, bytes + done, size - done, static_cast<off_t>(begin + done));
    if (n < 0 && errno != EINTR) f.target->error = errno;
    if (n > 0) done += static_cast<std::size_t>(n);
  }
  if (done < size) f.kept.push_back({begin + done, std::string(bytes + done, size - done)});
  return 0;
}

herr_t truncate(H5FD_t* file, hid_t /*transfer*/, hbool_t /*closing*/) {
  OpenFile& f = self(file);
  if (f.end == f.allocated) return 0;
  if (f.target->error == 0 && ::ftruncate(f.target->descriptor, static_cast<off_t>(f.allocated)) != 0)
    f.target->error = errno;
  f.end = f.allocated;
  return 0;
}

H5FD_class_t make_class() {
  H5FD_class_t c{};
  c.name = "seccm";
  c.maxaddr = HADDR_MAX >> 1;
  c.fc_degree = H5F_CLOSE_STRONG;
  c.fapl_size = sizeof(Access);
  c.open = open_file;
  c.close = close_file;
  c.query = query;
  c.get_eoa = get_allocated;
  c.set_eoa = set_allocated;
  c.get_eof = get_end;
  c.read = read;
  c.write = write;
  c.truncate = truncate;
  const H5FD_mem_t map[H5FD_MEM_NTYPES] = H5FD_FLMAP_DICHOTOMY;
  std::copy(std::begin(map), std::end(map), std::begin(c.fl_map));
  return c;
}

}  // namespace

void use_write_driver(std::int64_t access_properties, WriteTarget& target) {
  static const H5FD_class_t driver = make_class();
  static const hid_t id = H5FDregister(&driver);
  const Access access{&target};
  H5Pset_driver(access_properties, id, &access);
}

}  // namespace seccm::files::h5
