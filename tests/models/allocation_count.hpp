// How often this program has asked for memory: for tests that show that a step asks for none.
#pragma once

namespace seccm::models::test {

long allocations_so_far();

}  // namespace seccm::models::test
