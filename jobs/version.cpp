#include "jobs/version.hpp"

#include <seccm_commit.hpp>

namespace seccm::jobs {

std::string software_name() {
  return "seccm-twin " SECCM_VERSION;
}

std::string software_with_commit() {
  const std::string commit = SECCM_COMMIT;
  return commit.empty() ? software_name() : software_name() + " (" + commit + ")";
}

}  // namespace seccm::jobs
