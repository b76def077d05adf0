// No allocation in the hot path: after the first step of each step size and scheme the stepper lives on what it has.
#include <atomic>
#include <cstdlib>
#include <new>

#include "tests/models/cell_test_support.hpp"

namespace {
std::atomic<long> allocations{0};
}  // namespace

// Every form of new that is not replaced falls back to one of these; the sanitizers' own forms would not, so that
// the forms without exceptions are replaced too.
void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size > 0 ? size : 1)) return memory;
  throw std::bad_alloc();
}
void* operator new(std::size_t size, const std::nothrow_t& /*tag*/) noexcept {
  ++allocations;
  return std::malloc(size > 0 ? size : 1);
}
void* operator new(std::size_t size, std::align_val_t alignment) {
  ++allocations;
  const auto step = static_cast<std::size_t>(alignment);
  if (void* memory = std::aligned_alloc(step, (size / step + 1) * step)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t /*size*/) noexcept {
  std::free(memory);
}
void operator delete(void* memory, const std::nothrow_t& /*tag*/) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::align_val_t /*alignment*/) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t /*size*/, std::align_val_t /*alignment*/) noexcept {
  std::free(memory);
}

namespace seccm::models::test {

/// For the allocation tests of other files: one program holds one operator new.
long allocations_so_far();
long allocations_so_far() {
  return allocations;
}

namespace {

TEST(CellAllocation, NoneAfterTheFirstSteps) {
  CellSpec spec;
  spec.material.law = IsothermKind::anatase_plateau;
  spec.material.second_process = true;
  apply_truth_set("paper_literal", spec.material);
  spec.surface_redox.enabled = true;
  spec.gold_area = 1e-12;
  spec.series_resistance = 1e7;
  for (int i = 0; i < 20; ++i) spec.particles.push_back({.radius = 20e-9 + 1e-9 * i, .contact_resistance = 1e9});
  const Cell cell(spec);
  CellStepper stepper(cell, cell.rest(3.0));
  const auto cycle = [&] {
    for (int k = 1; k <= 500; ++k) stepper.advance(3.0 - 4e-3 * k, 0.04);
    for (int k = 1; k <= 500; ++k) stepper.advance(1.0 + 4e-3 * k, 0.04);
  };
  cycle();  // meets both schemes in both directions
  const long before = allocations;
  cycle();
  EXPECT_EQ(allocations - before, 0);
}

}  // namespace
}  // namespace seccm::models::test
