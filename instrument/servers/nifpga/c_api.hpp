// The FPGA Interface C API (functions NiFpgaDll_*) over a software target: what a libNiFpga.so exports.
//
// c_api.cpp is the library's own source; whoever builds the library links it with a `make_served_fpga`. Sessions are
// numbered from 1; one process has one rig at a time. Calls may come from several threads: the rig serialises them, and
// lets others in while a FIFO call blocks. Nothing throws through the C functions.
// Properties of a FIFO: what a client may set is the size of the host's buffer; the others have one value, and another
// is an invalid parameter.
#pragma once

#include <memory>

#include "instrument/servers/nifpga/fpga_device.hpp"

namespace seccm::instrument::nifpga {

/// A rig with a target in front of it; destroying it switches the rig off.
class ServedFpga {
 public:
  virtual ~ServedFpga() = default;
  virtual FpgaDevice& target() = 0;
};

/// Builds the rig that the environment asks for. Throws InputError.
std::unique_ptr<ServedFpga> make_served_fpga();

}  // namespace seccm::instrument::nifpga
