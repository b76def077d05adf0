#include "sim/sparse_conjugate.hpp"

#include <cmath>

namespace seccm::sim {

GridConjugateGradients::GridConjugateGradients(const GridLinks& links, GridPreconditioner preconditioner)
    : links_(&links),
      kind_(preconditioner),
      multigrid_(links),
      link_sum_(links.shape),
      diagonal_(links.shape),
      r_(links.shape),
      z_(links.shape),
      p_(links.shape),
      q_(links.shape),
      sums_(links.shape.cells()) {
  sum_links(links, link_sum_);
}

void GridConjugateGradients::prepare(const GridVector<double>& mass, double tau) {
  tau_ = tau;
  for_blocks(mass.size(), [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) diagonal_[i] = mass[i] + tau * static_cast<double>(link_sum_[i]);
  });
  if (kind_ == GridPreconditioner::multigrid) multigrid_.prepare(mass, tau);
}

void GridConjugateGradients::precondition(double scale) {
  if (kind_ == GridPreconditioner::multigrid) {
    multigrid_.apply(r_, scale, z_);
    return;
  }
  for_blocks(r_.size(), [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) z_[i] = diagonal_[i] > 0.0 ? r_[i] / diagonal_[i] : 0.0;
  });
}

GridConjugateGradients::Result GridConjugateGradients::solve(const GridVector<double>& b, GridVector<double>& x,
                                                             double tolerance, int most_iterations,
                                                             const std::function<void()>& watch) {
  const std::size_t n = b.size();
  const double size = std::sqrt(sums_.dot(b, b));
  Result result;
  if (size == 0.0) {
    for_blocks(n, [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) x[i] = 0.0;
    });
    return result;
  }
  apply(*links_, tau_, diagonal_, x, q_);
  for_blocks(n, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) r_[i] = b[i] - q_[i];
  });
  double left = std::sqrt(sums_.dot(r_, r_));
  double rz = 0.0;
  while (!(left <= tolerance * size) && result.iterations < most_iterations) {
    if (watch) watch();
    precondition(left);
    const double rz_next = sums_.dot(r_, z_);
    const double beta = result.iterations > 0 ? rz_next / rz : 0.0;
    rz = rz_next;
    for_blocks(n, [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) p_[i] = z_[i] + beta * p_[i];
    });
    apply(*links_, tau_, diagonal_, p_, q_);
    const double alpha = rz / sums_.dot(p_, q_);
    for_blocks(n, [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) {
        x[i] += alpha * p_[i];
        r_[i] -= alpha * q_[i];
      }
    });
    left = std::sqrt(sums_.dot(r_, r_));
    ++result.iterations;
    if (!std::isfinite(left)) break;
  }
  result.residual = left / size;
  result.converged = left <= tolerance * size;
  return result;
}

}  // namespace seccm::sim
