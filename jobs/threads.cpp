#include "jobs/threads.hpp"

#include <fmt/format.h>
#include <omp.h>

#include <latch>
#include <system_error>
#include <thread>
#include <vector>

#include "sim/error.hpp"

namespace seccm::jobs {

namespace {

/// As many threads at once as parallel regions will have; libgomp ends the process where it gets fewer.
void require_threads(int count) {
  std::latch all_there(1);
  std::vector<std::jthread> others;
  try {
    while (static_cast<int>(others.size()) + 1 < count) others.emplace_back([&] { all_there.wait(); });
  } catch (const std::system_error& error) {
    all_there.count_down();
    throw ResourceError(fmt::format(
        "the system gives {} of {} threads ({}); accepted are as many as it gives, with --threads, or a higher limit "
        "(ulimit -u)",
        others.size() + 1, count, error.code().message()));
  }
  all_there.count_down();
}

}  // namespace

void set_threads(int count) {
  if (count > 0) omp_set_num_threads(count);
  const int wanted = available_threads();
  if (wanted < 2) return;
  require_threads(wanted);
  // From here on they are there, also in the middle of a scan.
#pragma omp parallel
  {}
}

int available_threads() {
  return omp_get_max_threads();
}

}  // namespace seccm::jobs
