// What is there, whoever looks: sample, tip, meniscus, cell, residues. Devices drive it and read it; it knows no
// device.
//
// Time passes in pieces during which command and potential run linearly (`Drive`). Contact follows from geometry: the
// instant at which the true tip height (lag, creep and drift included) comes down to models::contact_height is found
// inside the piece. Then a landing is drawn, a cell is built from what it wets and starts at rest at the potential then
// applied, and the contact transient
//   i(t) = ±A e^{-t/τ}
// begins, its sign that of E - E_pzc of the gold. An unstable meniscus modulates the cell's current (its wetted area)
// by √2 w sin(2π t/T). The meniscus breaks when the tip is lifted by the detachment height, or is dragged sideways by
// more than the opening's radius; it leaves its residue. Particles keep their mean filling, gold keeps what is left
// of its trace water. A tip pressed into the gold by more than the compliance breaks: from then on it wets nothing,
// carries no current and is noisy. Piles of particles are loose powder that yields under the rim: they break no glass.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "instrument/twin/alignment.hpp"
#include "instrument/twin/cell_runner.hpp"
#include "instrument/twin/landing_cell.hpp"
#include "instrument/twin/time_base.hpp"
#include "instrument/twin/truth.hpp"
#include "instrument/twin/twin_spec.hpp"
#include "models/meniscus/landing.hpp"
#include "models/optics/scene.hpp"
#include "models/qrce/qrce.hpp"
#include "models/sample/sample_field.hpp"

namespace seccm::instrument::twin {

/// Commands over one piece of time: values at its start and slopes.
struct Drive {
  Point3 position;     ///< m, stage frame
  Point3 velocity;     ///< m/s
  double E = 0.0;      ///< V vs QRCE
  double slope = 0.0;  ///< V/s
};

/// What the sensors collect over a frame.
struct Integrals {
  double x = 0, y = 0, z = 0;  ///< ∫ sensor position dt, m s
  double E = 0;                ///< V s
  double charge = 0;           ///< ∫ i dt without jumps, C
  double jump_charge = 0;      ///< C, of potential jumps into the stray capacitance
};

class World {
 public:
  World(const TwinSpec& spec, double pixel_size, std::uint64_t seed, const Point3& start);

  struct Progress {
    Tick ticks = 0;       ///< how far it went: all, or up to the first tick behind a contact
    bool landed = false;  ///< liquid contact began
  };
  /// Lets at most `ticks` pass.
  Progress advance(const Drive& drive, Tick ticks, Integrals& sum);
  /// A potential leg begins: linear from E at `slope` for at least `duration` s. A step of E charges the stray
  /// capacitance; its charge goes to `sum`. `open`: the next leg may begin at any time, whatever the duration says.
  void begin_potential(double E, double slope, double duration, Integrals& sum, bool open = false);

  [[nodiscard]] double now() const { return seconds(tick_); }  ///< s
  [[nodiscard]] Tick tick() const { return tick_; }
  [[nodiscard]] double current() const;              ///< A, noise-free, at this instant
  [[nodiscard]] double transient_amplitude() const;  ///< A, signed, of the present landing; 0 without
  [[nodiscard]] bool in_contact() const { return contact_ != nullptr; }
  [[nodiscard]] double noise_factor() const { return broken_ ? spec_.tip.crash_noise_factor : 1.0; }
  [[nodiscard]] Point3 tip() const;                                ///< field frame, m above the field's zero
  [[nodiscard]] Point3 sensor() const { return stage_.sensor(); }  ///< stage frame, m, without noise

  [[nodiscard]] const models::SampleField& field() const { return field_; }
  [[nodiscard]] const Alignment& alignment() const { return alignment_; }
  [[nodiscard]] const TwinTruth& truth() const { return truth_; }
  /// The landings that have ended since the last call; `truth` holds them no longer. What the sample remembers of a
  /// landing is 64 B of residue and wetted gold, and the filling of each particle.
  std::vector<LandingRecord> take_landings();
  [[nodiscard]] const TwinSpec& spec() const { return spec_; }
  /// Residues of all broken menisci.
  [[nodiscard]] const std::vector<models::SceneFootprint>& residues() const { return residues_; }
  /// Residues, meniscus and pipette as the microscope sees them now; field frame.
  [[nodiscard]] models::SceneOverlay overlay() const;
  /// Steps of the electrochemical engine so far.
  [[nodiscard]] long cell_steps() const { return finished_steps_ + (cell_ ? cell_->steps() : 0); }

 private:
  struct Contact {
    models::Landing landing;
    double t = 0.0;
    double x = 0.0, y = 0.0, height = 0.0;  // tip at contact, field frame
    double amplitude = 0.0;                 // signed
  };
  struct Spot {
    double x, y, diameter, reservoir;
  };
  struct Heights {
    double x = 1e9, y = 1e9, contact = 0.0, hard = 0.0;
  };

  void land(const Drive& drive, double dt);
  void lift();
  void watch_tip();
  [[nodiscard]] double touch_time(const Drive& drive, double dt);
  const Heights& heights(double x, double y);
  [[nodiscard]] double contact_charge(double t, double dt);
  [[nodiscard]] double wobble(double t) const;
  [[nodiscard]] double gold_reservoir(const models::Footprint& footprint) const;

  TwinSpec spec_;
  std::uint64_t seed_;
  models::SampleField field_;
  models::Qrce reference_;
  Alignment alignment_;
  Stage stage_;
  TwinTruth truth_;
  double reach_;  // above this tip height nothing can be touched, m

  Tick tick_ = 0;
  double E_, slope_ = 0.0, leg_end_ = 0.0;
  bool open_leg_ = false;
  std::unique_ptr<Contact> contact_;  // while liquid touches
  std::unique_ptr<CellRunner> cell_;
  std::vector<ParticleId> particles_;  // of the cell
  double cell_charge_ = 0.0;           // of the cell so far, C
  bool broken_ = false;
  double last_height_ = 0.0;  // of the tip when last looked at, m
  Heights heights_;
  std::map<std::pair<int, int>, double> filling_;  // mean y that a particle kept
  std::vector<Spot> spots_;
  std::vector<models::SceneFootprint> residues_;
  std::uint64_t landed_ = 0;  // landings so far
  long finished_steps_ = 0;
};

}  // namespace seccm::instrument::twin
