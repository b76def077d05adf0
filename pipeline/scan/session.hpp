// What the steps of one scan share. One scan, one session; single-threaded.
#pragma once

#include <stdexcept>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/scan/imaging.hpp"
#include "pipeline/scan/program_runner.hpp"
#include "pipeline/scan/registration.hpp"
#include "pipeline/scan/smart_scan.hpp"
#include "pipeline/scan/surface_plane.hpp"

namespace seccm::scan {

/// The scan can not go on because it does not know where, or at which potential, it would measure.
class CalibrationError : public std::runtime_error {
 public:
  explicit CalibrationError(const std::string& message) : std::runtime_error(message) {}
};

struct ScanSession {
  ScanSession(const instrument::Rig& rig, const ScanParameters& parameters, files::RunRecorder& recorder,
              std::stop_token stop, const ProgressCallback& progress);
  ScanSession(const ScanSession&) = delete;
  ScanSession& operator=(const ScanSession&) = delete;

  instrument::Rig rig;
  const ScanParameters& parameters;
  files::RunRecorder& recorder;
  ProgressCallback progress;
  ProgramRunner runner;
  Imaging imaging;
  SurfacePlane surface;
  ScanOutcome outcome;

  std::string fault_noted;             ///< detail of the fault that was recorded last
  int device_faults = 0;               ///< that the policy has gone on after
  int points_refused = 0;              ///< planned points whose program the dry run refused
  files::PointRecord last_point;       ///< as written last
  double offset_vs_Li;                 ///< E_vs_Li = E_vs_QRCE + offset: nominal, then calibrated
  double difference_noise = 0.0;       ///< of the current in air, from differences of neighbouring frames, A
  double t_start = 0.0;                ///< s
  PixelPoint shift_at_registration{};  ///< of the sample in the image since the reference image, px
  PixelPoint shift{};                  ///< the same, now
  bool shift_in_doubt = false;         ///< the rig stood still for nobody knows how long
  int next_point = 0;                  ///< index of the next PointRecord

  // What `report` adds the frames and times to.
  std::string_view stage = "preflight";
  int done = 0, total = 0;
  double points_start = 0.0;  ///< device time, s
  double expected_end = 0.0;  ///< device time, s; 0: not known
  void enter(std::string_view name, int points);
  void report(std::string_view message = {});

  /// V vs QRCE.
  [[nodiscard]] double to_qrce(double E_vs_Li) const { return E_vs_Li - offset_vs_Li; }
  /// Where an object of the reference image is now, on the stage.
  [[nodiscard]] StagePoint stage_of(PixelPoint reference) const;
  /// Straight up, near the top of the travel: for images, and before the surface is known.
  void park();
};

/// Runs `steps`, turns a fault or a stop request into the ending of the outcome (the rig is safe by then), and fills in
/// what is known at the end. InputError and errors of the recorder make the rig safe and pass through.
template <class Steps>
ScanOutcome conduct(ScanSession& session, Steps&& steps);

namespace detail {
/// A device fault that ends the scan is in its file, also where no point was in flight.
void note_ending(ScanSession& session, const DeviceFault& fault);
void finish(ScanSession& session, Ending ending, std::string_view message);
}  // namespace detail

template <class Steps>
ScanOutcome conduct(ScanSession& session, Steps&& steps) {
  try {
    steps();
    detail::finish(session, Ending::complete, "");
  } catch (const Cancelled& stopped) {
    detail::finish(session, Ending::interrupted, stopped.what());
  } catch (const ProgramRejected& rejected) {
    make_all_safe(session.rig);
    detail::finish(session, Ending::device_fault, rejected.what());
  } catch (const DeviceFault& fault) {
    secure(session.rig, fault.action);
    detail::note_ending(session, fault);
    session.outcome.held = fault.action == PolicyAction::stop_and_hold;
    detail::finish(session, Ending::device_fault, fault.what());
  } catch (const DeviceError& fault) {
    make_all_safe(session.rig);
    detail::finish(session, Ending::device_fault, fault.what());
  } catch (const CalibrationError& error) {
    make_all_safe(session.rig);
    detail::finish(session, Ending::calibration_failed, error.what());
  } catch (...) {
    make_all_safe(session.rig);
    throw;
  }
  return session.outcome;
}

}  // namespace seccm::scan
