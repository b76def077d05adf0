#include "pipeline/scan/reference_calibration.hpp"

#include <fmt/format.h>

#include <cmath>

#include "pipeline/scan/collected_frames.hpp"
#include "pipeline/scan/cv_program.hpp"
#include "pipeline/scan/half_wave.hpp"

namespace seccm::scan {
namespace {

constexpr double rest_before_sweep = 1.0;  // s

/// Lands, sweeps, fits. The reason says why there is no valid wave.
HalfWave measure_wave(ScanSession& session, const PointTask& place, files::ReferenceCalibration& calibration) {
  HalfWave wave;
  wave.reason = "no contact";
  const files::PointRecord made = record_point(session, place, [&](files::PointRecord& record) {
    const CalibrationParameters& p = session.parameters.calibration;
    const ContactResult contact = land(session, place.stage);
    note_contact(record, contact);
    if (!contact.made) {
      wave.reason = contact.failure;
      return;
    }
    rest_in_contact(session, session.parameters.protocol.settle.si());
    const double expected = p.ferrocene_potential.si() - p.nominal_offset.si();
    const double margin = p.ferrocene_margin.si();
    const ScanProgram sweep =
        triangle_program(expected - margin, expected + margin, p.ferrocene_scan_rate.si(), rest_before_sweep);
    CollectedFrames frames(sweep.legs.size());
    session.runner.run(sweep, &frames);
    record.complete = true;
    lift_off(session);
    const auto& up = frames.leg(1);
    const auto& down = frames.leg(2);
    wave = combine(fit_half_wave(up.E, up.i), fit_half_wave(down.E, down.i));
    record.verdict = wave.valid ? "ok" : wave.reason;
    calibration.t = up.t.empty() ? record.t_contact : up.t.back();
  });
  if (made.verdict.starts_with(refused_verdict)) wave.reason = made.verdict;
  return wave;
}

}  // namespace

files::ReferenceCalibration calibrate_reference(ScanSession& session, std::span<const PointTask> places, bool adopt) {
  std::string reason = "no clean gold was found for it";
  for (const PointTask& place : places) {
    files::ReferenceCalibration calibration;
    const HalfWave wave = measure_wave(session, place, calibration);
    if (!wave.valid) {
      reason = wave.reason;
      continue;
    }
    calibration.half_wave_vs_QRCE = wave.E;
    calibration.standard_error =
        std::hypot(wave.standard_error, kinetic_shift(wave, session.parameters.temperature.si()));
    calibration.limiting_current = wave.limiting_current;
    calibration.offset_vs_Li = session.parameters.calibration.ferrocene_potential.si() - wave.E;
    calibration.valid = true;
    session.recorder.add(calibration);
    if (adopt) session.offset_vs_Li = calibration.offset_vs_Li;
    return calibration;
  }
  throw CalibrationError(
      fmt::format("potential of the QRCE: no valid ferrocene wave at {} places; the last: {}. Check the "
                  "ferrocene in the pipette, calibration.nominal_offset ({:g} V vs Li) and "
                  "calibration.ferrocene_margin ({:g} V)",
                  places.size(), reason, session.parameters.calibration.nominal_offset.si(),
                  session.parameters.calibration.ferrocene_margin.si()));
}

}  // namespace seccm::scan
