// How many threads the numerics may use. No result depends on it.
#pragma once

namespace seccm::jobs {

/// For parallel regions that the calling thread opens from now on; 0 leaves the number to the machine. Makes them at
/// once. Throws ResourceError where the system does not give so many.
void set_threads(int count);
/// Threads of the next parallel region of the calling thread.
int available_threads();

}  // namespace seccm::jobs
