#include "jobs/threads.hpp"

#include <omp.h>

namespace seccm::jobs {

void set_threads(int count) {
  if (count > 0) omp_set_num_threads(count);
}

int available_threads() {
  return omp_get_max_threads();
}

}  // namespace seccm::jobs
