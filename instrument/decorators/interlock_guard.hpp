// Software interlocks around any sequencer, twin or hardware.
//
// Refused with `interlock_tripped`, before anything reaches the device:
//   - a potential ramp without a confirmed contact: the last program that approached must have ended in
//     RunState::contact and nothing may have lifted the tip since (end of travel is not contact). One exception: in
//     air, at clearance, ramps that stay within `air_sweep_span` (open-input check of stray capacitance);
//   - a lateral move that does not start and end at z >= last contact + clearance; before any contact: at
//     z >= z_max - free_travel;
//   - a potential outside the window (`limit_rejected`);
//   - any program after a fault of the device until `rearm()`.
// A fault: a device call that fails with anything but a rejection, a faulted or aborted run. make_safe() reaches the
// device before any bookkeeping here, and disarms.
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

  /// Allows motion again after a fault, make_safe() or abort(): the operator says that the cause is gone. Contact is
  /// forgotten; the height of the last contact is kept.
  void rearm();
  [[nodiscard]] bool armed() const { return !fault_.has_value(); }

 private:
  [[nodiscard]] std::optional<Error> violation(const Program& program) const;
  void observe(const SequencerStatus& status);
  void disarm(std::string reason);

  ProbeSequencer& inner_;
  InterlockParameters parameters_;
  std::optional<std::string> fault_;
  std::optional<SequencerStatus> last_;
  std::optional<double> last_contact_z_;
  bool in_contact_ = false;
  bool watching_ = false;
};

}  // namespace seccm::instrument
