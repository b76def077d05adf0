// The fast engine of cells made of particles: Fick's law with any D(y), phase fields, two lattices, star, contact
// network and necks. In fixed steps, or in steps that follow the solution where numerics.step says so.
#pragma once

#include <memory>
#include <optional>

#include "models/cell/adaptive_steps.hpp"
#include "models/cell/cell_model.hpp"
#include "models/engine/cell_engine.hpp"

namespace seccm::models {

class FastEngine final : public CellEngine {
 public:
  /// Keeps a reference to the cell; at rest at a potential. `surroundings` is asked before every step.
  FastEngine(const Cell& cell, double E_vs_Li, SurroundingsOf surroundings = {});
  /// Owns the cell; `water_left`: share of the trace water that its gold still has.
  FastEngine(std::unique_ptr<const Cell> cell, double E_vs_Li, double water_left);

  void advance(double E_end, double dt) override;
  void jump(double E_vs_Li) override { stepper_.jump(E_vs_Li); }
  void follow(double E_start, double E_end, double dt, int count, bool all_rows, const RowSink& row) override;

  [[nodiscard]] double time() const override { return stepper_.state().time; }
  [[nodiscard]] double potential() const override { return stepper_.state().E_vs_Li; }
  [[nodiscard]] CellCurrents currents() const override { return stepper_.currents(); }
  [[nodiscard]] CellCurrents charge() const override { return stepper_.state().charge; }
  [[nodiscard]] double lithium() const override { return cell_->lithium(stepper_.state()); }
  [[nodiscard]] std::vector<double> mean_filling() const override { return cell_->mean_filling(stepper_.state()); }
  [[nodiscard]] double water_left() const override { return stepper_.state().reservoir; }

  [[nodiscard]] CellStepper::Counts counts() const override { return stepper_.counts(); }
  void refine_peaks(Trace& trace) const override;
  void watch(std::function<void(double)> watch) override;

 private:
  void prepare_adaptive();

  std::unique_ptr<const Cell> owned_;
  const Cell* cell_;
  SurroundingsOf surroundings_;
  CellStepper stepper_;
  std::optional<AdaptiveSteps> adaptive_;
  std::function<void(double)> watch_;
};

}  // namespace seccm::models
