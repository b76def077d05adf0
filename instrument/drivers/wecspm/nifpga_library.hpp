// The FPGA Interface C API of a shared library that is loaded at run time.
#pragma once

#include <memory>
#include <string>

#include "instrument/wecspm/nifpga_api.hpp"

namespace seccm::instrument::wecspm {

/// Loads `name` (a path, or a name for the loader's search). Throws InputError that says what the loader says, or names
/// the functions that the library does not export.
std::unique_ptr<NiFpgaApi> load_nifpga(const std::string& name);

}  // namespace seccm::instrument::wecspm
