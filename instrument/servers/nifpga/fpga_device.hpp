// What the C interface of libNiFpga.so needs of a target beyond what a driver asks of it.
#pragma once

#include "instrument/wecspm/nifpga_api.hpp"

namespace seccm::instrument::nifpga {

class FpgaDevice : public wecspm::NiFpgaApi {
 public:
  /// Ends the VI: state "not running", outputs and registers as they are.
  virtual wecspm::FpgaStatus abort() = 0;
  /// The image anew: as reset.
  virtual wecspm::FpgaStatus download() = 0;
  /// Elements of a FIFO's buffer on the host.
  virtual wecspm::FpgaStatus fifo_depth(std::uint32_t fifo, std::size_t& depth) = 0;
};

}  // namespace seccm::instrument::nifpga
