#include "scenarios/version.hpp"

namespace seccm::scenarios {

std::string software_name() {
  return "seccm-twin " SECCM_VERSION;
}

}  // namespace seccm::scenarios
