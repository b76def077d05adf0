#include "models/material/diffusivity_lanes.hpp"

namespace seccm::models {
namespace {

template <DiffusivityLaw Law>
SECCM_INLINE void evaluate_all(const Law& law, std::size_t n, const double* y, double* value, double* integral) {
  const Law copy = law;
#pragma omp simd
  for (std::size_t i = 0; i < n; ++i) {
    const Diffusion d = copy.at(y[i]);
    value[i] = d.value;
    integral[i] = d.integral;
  }
}

}  // namespace

SECCM_CLONES void evaluate_lanes(const ConstantDiffusivity& law, std::size_t n, const double* y, double* value,
                                 double* integral) {
  evaluate_all(law, n, y, value, integral);
}
SECCM_CLONES void evaluate_lanes(const ExponentialDiffusivity& law, std::size_t n, const double* y, double* value,
                                 double* integral) {
  evaluate_all(law, n, y, value, integral);
}
SECCM_CLONES void evaluate_lanes(const RegularSolutionDiffusivity& law, std::size_t n, const double* y, double* value,
                                 double* integral) {
  evaluate_all(law, n, y, value, integral);
}
SECCM_CLONES void evaluate_lanes(const TableDiffusivity& law, std::size_t n, const double* y, double* value,
                                 double* integral) {
  evaluate_all(law, n, y, value, integral);
}

}  // namespace seccm::models
