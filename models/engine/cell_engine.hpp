// Whatever answers a potential with a current: the seam between the models of a cell and everything that runs one.
//
// A cell of particles, of a contact network, of voxels, under a liquid that changes: behind this interface they take
// the same programs (models/engine/run_program.hpp) and stand under the same meniscus
// (instrument/twin/cell_runner.hpp). Times in s, potentials in V against Li/Li+ in the bulk, currents in A and charges
// in C, anodic positive. What an engine has no answer for is in models/engine/engine_factory.hpp, not here.
//
// SolverError with time and residual where a step has no solution; InputError for a potential or a time that is none.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "models/cell/cell_reading.hpp"
#include "models/cell/trace.hpp"

namespace seccm::models {

class CellEngine {
 public:
  CellEngine() = default;
  virtual ~CellEngine() = default;
  CellEngine(const CellEngine&) = delete;
  CellEngine& operator=(const CellEngine&) = delete;

  /// One step of dt > 0 to E_end, linear in between.
  virtual void advance(double E_end, double dt) = 0;
  /// The applied potential jumps; no time passes.
  virtual void jump(double E_vs_Li) = 0;
  /// The program has a corner here. An engine that sees corners by the slope needs none.
  virtual void corner() {}

  using RowSink = std::function<void(const CellReading&)>;
  /// From E_start, where the cell is, to E_end in `count` intervals of dt, linear in time; `row` gets the end of each.
  /// Here in steps of dt; an engine that follows the solution takes its own, and may leave rows out unless all are
  /// wanted.
  virtual void follow(double E_start, double E_end, double dt, int count, bool all_rows, const RowSink& row);

  [[nodiscard]] virtual double time() const = 0;  ///< since rest
  [[nodiscard]] virtual double potential() const = 0;
  /// At the end of the last step; zero at rest.
  [[nodiscard]] virtual CellCurrents currents() const = 0;
  /// ∫ i dt since rest by the formula of the steps: charge.intercalation = -F ΔN(Li) to round-off.
  [[nodiscard]] virtual CellCurrents charge() const = 0;
  [[nodiscard]] virtual double lithium() const = 0;  ///< in all particles, mol
  /// Mean y of the first lattice, per particle; per cluster where there are no particles.
  [[nodiscard]] virtual std::vector<double> mean_filling() const = 0;
  /// Share of the trace water that is left on the gold that was wet at the start.
  [[nodiscard]] virtual double water_left() const { return 1.0; }
  /// The liquid at the surface, where it changes.
  [[nodiscard]] virtual std::optional<LiquidRow> liquid() const { return std::nullopt; }

  [[nodiscard]] virtual CellStepper::Counts counts() const { return {}; }
  /// Puts peaks that its own steps saw between rows into a trace that has those of the rows.
  virtual void refine_peaks(Trace&) const {}
  /// Called with the time after every step of its own, one taken back included; what it throws passes through.
  virtual void watch(std::function<void(double)> /*watch*/) {}

  [[nodiscard]] CellReading reading() const { return {time(), potential(), currents(), charge(), lithium()}; }
};

}  // namespace seccm::models
