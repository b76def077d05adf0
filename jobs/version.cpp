#include "jobs/version.hpp"

#include <seccm_commit.hpp>

namespace seccm::jobs {

std::string software() {
  const std::string name = "seccm-twin " SECCM_VERSION, commit = SECCM_COMMIT;
  return commit.empty() ? name : name + " (" + commit + ")";
}

}  // namespace seccm::jobs
