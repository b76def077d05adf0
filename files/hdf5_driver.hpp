// A file driver for HDF5 that does not let a full disk into the library.
//
// The library can not close a file after a failed write: it keeps half-freed objects and crashes when the process ends.
// So a write never fails as far as the library is concerned. The first failure is remembered, from then on the bytes
// are kept in memory (the little that closing flushes), reads see them, and the library closes the file as usual. The
// caller asks `error` after every call and gives up at once.
#pragma once

#include <cstdint>

namespace seccm::files::h5 {

/// Where the driver writes, and what went wrong. Outlives the HDF5 file.
struct WriteTarget {
  int descriptor = -1;
  int error = 0;  ///< errno of the first failure, 0 while all is well
};

/// Makes a file access property list (an HDF5 identifier) use the driver for `target`.
void use_write_driver(std::int64_t access_properties, WriteTarget& target);

}  // namespace seccm::files::h5
