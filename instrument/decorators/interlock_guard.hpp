// Software interlocks around any sequencer, twin or hardware.
//
// Refused before anything reaches the device, and by `check`:
//   - a potential ramp without confirmed contact: the last approach must have ended in RunState::contact, and nothing
//     started since may raise the tip or move it sideways (end of travel is not contact). One exception: in air, at
//     clearance, ramps that stay within `air_sweep_span` (open-input check of the stray capacitance);
//   - a move down without stop on contact to below last contact + clearance (before any contact: below
//     z_max - free_travel): nobody knows there where the surface is;
//   - an approach so fast that it goes on by more than `largest_overshoot` before the device's contact latency is over;
//   - an approach out of contact that was not lifted by the overshoot first: each would press the tip deeper by it;
//   - a lateral move that does not start and end at z >= last contact + clearance; before any contact at
//     z >= z_max - free_travel, which is always enough;
//   - anything behind an approach in the same program but moves and holds: the program ends at contact;
//   - any program after a fault until `rearm()`, or until a new connect() with consent to motion.
// These are `interlock_tripped`; a potential outside the window is `limit_rejected`.
// A fault: a device call that fails with anything but a rejection or a timeout, or a faulted run. make_safe() reaches
// the device before any bookkeeping here.
#pragma once

#include <optional>
#include <string>

#include "instrument/roles/probe_sequencer.hpp"
#include "sim/parameter.hpp"
#include "sim/quantity.hpp"

namespace seccm::instrument {

/// The [interlock] section.
struct InterlockParameters {
  Length clearance = 3.0 * unit::um;           ///< above the last contact, for lateral moves
  Length free_travel = 20.0 * unit::um;        ///< below the top of the travel, for lateral moves before any contact
  Length lateral_tolerance = 50.0 * unit::nm;  ///< lateral moves up to this need no clearance
  Length largest_overshoot = 1.0 * unit::um;   ///< approach speed x contact latency
  Potential E_min = -2.4 * unit::V;            ///< vs QRCE
  Potential E_max = 1.0 * unit::V;             ///< vs QRCE
  Potential air_sweep_span = 0.5 * unit::V;    ///< ramps within this span are allowed in air; 0 = none

  static void visit(ParameterVisitor& v, InterlockParameters& p);
};

class InterlockGuard final : public ProbeSequencer {
 public:
  /// `inner` must outlive the guard.
  InterlockGuard(ProbeSequencer& inner, const InterlockParameters& parameters);

  [[nodiscard]] Identity identity() const override;
  [[nodiscard]] Health health() const override;
  Outcome connect(ConnectConsent consent) override;
  void make_safe() noexcept override;
  [[nodiscard]] Limits limits() const override;
  [[nodiscard]] Capabilities capabilities() const override;
  [[nodiscard]] Result<DryRun> check(const Program& program) const override;
  Outcome start(const Program& program) override;
  [[nodiscard]] Result<SequencerStatus> status() override;
  Result<std::size_t> read(std::span<Frame> out, double deadline) override;
  Outcome abort() override;

  /// Allows motion again after a fault: the operator says that its cause is gone. The height of the last contact is
  /// kept, contact itself is not.
  void rearm();
  [[nodiscard]] bool armed() const { return !fault_.has_value(); }

 private:
  /// What is known of the tip.
  struct Knowledge {
    bool in_contact = false;
    std::optional<double> last_contact_z;  // m
    double approach_speed = 0.0;           // m/s, the fastest of the program that approaches
    std::optional<double> lift_to;         // m: after contact, here, an approach has to start above it
    bool approaching = false;              // the program that runs or ran last can end in contact
  };
  [[nodiscard]] std::optional<Error> violation(const Program& program, const Knowledge& tip,
                                               const SequencerStatus& now) const;
  /// What the device itself would reject (a target outside its travel, no number) is better named by the device.
  [[nodiscard]] Error named(const Program& program, const Error& offence) const;
  [[nodiscard]] Knowledge after(Knowledge tip, const SequencerStatus& status) const;
  void note(const Error& error);
  [[nodiscard]] bool is_new_fault(const SequencerStatus& status) const;
  [[nodiscard]] std::optional<Error> descent_offence(std::size_t k, const Waypoint& w, double from_z, double to_z,
                                                     double safe, const std::optional<double>& lift_to) const;
  [[nodiscard]] double safe_height(const Knowledge& tip) const;

  ProbeSequencer& inner_;
  InterlockParameters parameters_;
  std::optional<std::string> fault_;
  Knowledge tip_;
  bool acknowledged_ = false;  // rearm() has dealt with the faulted run that the device still reports
};

}  // namespace seccm::instrument
