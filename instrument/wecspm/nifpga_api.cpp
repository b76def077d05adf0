#include "instrument/wecspm/nifpga_api.hpp"

#include <fmt/format.h>

namespace seccm::instrument::wecspm {

std::string describe_status(FpgaStatus status) {
  switch (status) {
    case fpga_status::success:
      return "0 (success)";
    case fpga_status::fifo_timeout:
      return "-50400 (FIFO timeout)";
    case fpga_status::memory_full:
      return "-52000 (memory full)";
    case fpga_status::software_fault:
      return "-52003 (software fault)";
    case fpga_status::invalid_parameter:
      return "-52005 (invalid parameter)";
    case fpga_status::resource_not_found:
      return "-52006 (resource not found)";
    case fpga_status::not_running:
      return "-61003 (FPGA not running)";
    case fpga_status::signature_mismatch:
      return "-61210 (signature mismatch)";
    case fpga_status::invalid_session:
      return "-63195 (invalid session)";
    default:
      return fmt::format("{}", status);
  }
}

}  // namespace seccm::instrument::wecspm
