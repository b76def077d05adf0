// A cell under a liquid that changes: salt that moves, gold that the meniscus comes to wet. In fixed steps.
#pragma once

#include <memory>

#include "models/electrolyte/surrounded_cell.hpp"
#include "models/engine/cell_engine.hpp"

namespace seccm::models {

class LiquidEngine final : public CellEngine {
 public:
  /// Keeps a reference to the cell; at rest at a potential, the liquid uniform. Throws InputError for
  /// numerics.step = adaptive.
  LiquidEngine(const Cell& cell, const ElectrolyteSpec& liquid, double E_vs_Li);
  /// Owns the cell; `water_left`: share of the trace water that its gold still has.
  LiquidEngine(std::unique_ptr<const Cell> cell, const ElectrolyteSpec& liquid, double E_vs_Li, double water_left);

  void advance(double E_end, double dt) override;
  void jump(double E_vs_Li) override { run_.jump(E_vs_Li); }
  void corner() override { run_.corner(); }

  [[nodiscard]] double time() const override { return run_.time(); }
  [[nodiscard]] double potential() const override { return run_.cell_state().E_vs_Li; }
  [[nodiscard]] CellCurrents currents() const override { return run_.currents(); }
  [[nodiscard]] CellCurrents charge() const override { return run_.charge(); }
  [[nodiscard]] double lithium() const override { return cell_->lithium(run_.cell_state()); }
  [[nodiscard]] std::vector<double> mean_filling() const override { return cell_->mean_filling(run_.cell_state()); }
  [[nodiscard]] double water_left() const override { return run_.cell_state().reservoir; }
  [[nodiscard]] std::optional<LiquidRow> liquid() const override;

  void watch(std::function<void(double)> watch) override { watch_ = std::move(watch); }

 private:
  std::unique_ptr<const Cell> owned_;
  const Cell* cell_;
  SurroundedCell run_;
  std::function<void(double)> watch_;
};

}  // namespace seccm::models
