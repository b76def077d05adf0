#include "models/ensemble/ensemble.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <exception>
#include <utility>

#include "sim/error.hpp"

namespace seccm::models {
namespace {

/// Runs the program on one block and hands its rows on.
class BlockRunner {
 public:
  /// `told` gets the number of steps after every stride; what it throws passes through `run`.
  BlockRunner(const EnsembleSpec& spec, const sim::RadialMesh& mesh, const EnsembleProgram& program,
              EnsembleObserver& observer, const std::function<void(int)>& told)
      : spec_(spec), program_(program), observer_(observer), told_(told), block_(spec.frame, mesh, spec.slopes) {}

  void run(std::size_t number) {
    first_ = number * block_lanes;
    members_ = std::min<std::size_t>(block_lanes, spec_.cells.size() - first_);
    block_.rest(spec_.cells.data() + first_, members_, program_.start());
    row_ = 0;
    block_.current[0] = LaneRow{};
    std::fill_n(block_.slopes.begin(), block_.tangents.size(), LaneRow{});
    hand_on(1);
    for (const EnsembleRun& run : program_.runs()) {
      if (run.count == 0) {
        block_.E = run.E_end;
      } else {
        run.tread ? run_tread(run) : run_rows(run);
      }
    }
    for (std::size_t l = 0; l < members_; ++l) finish(l);
  }

  [[nodiscard]] Ensemble::Counts counts() const { return counts_; }

 private:
  void run_rows(const EnsembleRun& run) {
    int done = 0;
    while (done < run.count) {
      const int rows = std::min(block_rows, run.count - done);
      stride(run, done, rows);
      hand_on(static_cast<std::size_t>(rows));
      done += rows;
    }
  }

  /// One row: the mean over the sampling window.
  void run_tread(const EnsembleRun& run) {
    advance_to(run, 0, run.window_start);
    const LaneRow charge = charge_with_stray();
    for (BlockTangent& tangent : block_.tangents) tangent.at_window = tangent.charge;
    advance_to(run, run.window_start, run.count);
    const LaneRow charge_end = charge_with_stray();
    const double window = (run.count - run.window_start) * run.dt;
    for (std::size_t l = 0; l < block_lanes; ++l) {
      const double time = window * block_.time_scale[l];
      block_.current[0][l] = (charge_end[l] - charge[l]) / time;
      for (std::size_t j = 0; j < block_.tangents.size(); ++j) {
        const BlockTangent& tangent = block_.tangents[j];
        block_.slopes[j][l] = (tangent.charge[l] - tangent.at_window[l]) / time;
      }
    }
    hand_on(1);
  }

  void advance_to(const EnsembleRun& run, int first, int last) {
    while (first < last) {
      const int steps = std::min(block_rows, last - first);
      stride(run, first, steps);
      first += steps;
    }
  }

  /// Steps `first` .. `first + count` of a run, the first of the run as its history allows.
  void stride(const EnsembleRun& run, int first, int count) {
    int done = 0;
    if (first == 0) {
      ratio_ = run.ratio;
      if (ratio_ == 0.0) {
        start_small(run);
        ratio_ = 2.0;  // the last of the steps that grow is half as long
        done = 1;
      }
    }
    if (done < count && ratio_ != 1.0) {
      advance_block(
          {.run = &run, .first = static_cast<double>(first + done), .count = 1, .ratio = ratio_, .row = done});
      ratio_ = 1.0;
      ++done;
    }
    if (done < count) {
      advance_block({.run = &run, .first = static_cast<double>(first + done), .count = count - done, .row = done});
    }
    require_finite(run, first, count);
    told_(count);
  }

  /// The first step of a run, as CellStepper takes it behind a corner.
  void start_small(const EnsembleRun& run) {
    double last = 0.0;
    sim::in_growing_steps(1.0, [&](double done, double length) {
      advance_block({.run = &run,
                     .first = done - length,
                     .length = length,
                     .count = 1,
                     .ratio = last > 0.0 ? length / last : 0.0,
                     .row = 0});
      last = length;
    });
  }

  void advance_block(const Stride& stride) {
    block_.set_step(stride.run->dt * stride.length, scheme_of(stride.ratio));
    counts_.newton_iterations += advance(block_, stride, spec_.instructions);
    counts_.block_steps += stride.count;
  }

  void require_finite(const EnsembleRun& run, int first, int count) const {
    for (int n = 0; n < count; ++n) {
      for (std::size_t l = 0; l < members_; ++l) {
        const double i = block_.current[static_cast<std::size_t>(n)][l];
        if (std::isfinite(i)) continue;
        throw SolverError(fmt::format(
            "ensemble: cell {} has no solution at E = {:.6g} V vs Li/Li+ (step {} of a run of {:.4g} s steps): the "
            "current is {}; take a shorter potential_step, or this cell out of the ensemble",
            first_ + l, run.potential(static_cast<double>(first + n + 1)), first + n + 1, run.dt * block_.time_scale[l],
            i));
      }
    }
  }

  [[nodiscard]] LaneRow charge_with_stray() const {
    LaneRow charge = block_.charge;
    for (std::size_t l = 0; l < block_lanes; ++l) charge[l] += block_.stray[l] * (block_.E - program_.start());
    return charge;
  }

  void hand_on(std::size_t rows) {
    const std::size_t parameters = block_.tangents.size();
    observer_.rows({.first = first_,
                    .members = members_,
                    .first_row = row_,
                    .current = {block_.current.data(), rows},
                    .slopes = {block_.slopes.data(), rows * parameters},
                    .parameters = parameters});
    row_ += rows;
  }

  void finish(std::size_t lane) {
    observer_.end({.member = first_ + lane,
                   .charge = charge_with_stray()[lane],
                   .lithium_charge = block_.lithium_charge[lane],
                   .mean_filling = block_.mean_filling(lane)});
  }

  const EnsembleSpec& spec_;
  const EnsembleProgram& program_;
  EnsembleObserver& observer_;
  const std::function<void(int)>& told_;
  double ratio_ = 0.0;  ///< of the next step over the last one
  EnsembleBlock block_;
  std::size_t first_ = 0;
  std::size_t members_ = 0;
  std::size_t row_ = 0;
  Ensemble::Counts counts_;
};

/// The first failure of a parallel loop, by block, so that the message does not depend on the threads.
class Failure {
 public:
  void keep(std::size_t block) {
    if (error_ && block_ < block) return;
    block_ = block;
    error_ = std::current_exception();
  }
  void rethrow() const {
    if (error_) std::rethrow_exception(error_);
  }

 private:
  std::size_t block_ = 0;
  std::exception_ptr error_;
};

}  // namespace

Ensemble::Ensemble(EnsembleSpec spec) : spec_(std::move(spec)), mesh_(spec_.frame.geometry, spec_.frame.mesh) {
  if (spec_.cells.empty()) throw InputError("ensemble: no cell; at least one is needed");
  for (std::size_t k = 0; k < spec_.cells.size(); ++k) check_member(spec_.cells[k], spec_.frame, k);
  const bool by_g = std::find(spec_.slopes.begin(), spec_.slopes.end(), EnsembleParameter::g) != spec_.slopes.end();
  if (by_g && spec_.frame.law != IsothermKind::frumkin) {
    throw InputError(fmt::format("ensemble: a slope by g with [material] law = \"{}\"; accepted with \"frumkin\"",
                                 isotherm_names[static_cast<std::size_t>(spec_.frame.law)]));
  }
  if (!machine_has(spec_.instructions)) {
    throw InputError("ensemble: this machine lacks the instructions asked for; accepted is Instructions::best");
  }
}

Ensemble::Counts Ensemble::run(const EnsembleProgram& program, EnsembleObserver& observer,
                               const std::function<bool(double)>& progress) const {
  const auto blocks = static_cast<long>((spec_.cells.size() + block_lanes - 1) / block_lanes);
  const double steps = static_cast<double>(blocks) * static_cast<double>(std::max<std::size_t>(program.steps(), 1));
  std::atomic<bool> stopped{false}, cancelled{false};
  double done = 0.0;
  Failure failure;
  Counts total;
  const std::function<void(int)> told = [&](int passed) {
    if (!progress) return;
#pragma omp critical(seccm_ensemble)
    {
      done += passed;
      if (!progress(std::min(1.0, done / steps))) cancelled = true;
    }
    if (cancelled) throw Cancelled("simulation stopped on request");
  };
#pragma omp parallel
  {
    BlockRunner runner(spec_, mesh_, program, observer, told);
#pragma omp for schedule(dynamic)
    for (long k = 0; k < blocks; ++k) {
      if (stopped.load(std::memory_order_relaxed)) continue;
      try {
        runner.run(static_cast<std::size_t>(k));
      } catch (...) {
        stopped = true;
#pragma omp critical(seccm_ensemble)
        failure.keep(static_cast<std::size_t>(k));
      }
    }
#pragma omp critical(seccm_ensemble)
    {
      total.block_steps += runner.counts().block_steps;
      total.newton_iterations += runner.counts().newton_iterations;
    }
  }
  failure.rethrow();
  return total;
}

}  // namespace seccm::models
