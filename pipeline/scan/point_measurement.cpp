#include "pipeline/scan/point_measurement.hpp"

#include <fmt/format.h>

#include <cmath>

#include "pipeline/scan/collected_frames.hpp"
#include "pipeline/scan/cv_program.hpp"
#include "pipeline/scan/cv_quality.hpp"

namespace seccm::scan {
namespace {

constexpr double oxidising = 0.2;         // V beyond E0' of ferrocene: the wave is on its plateau
constexpr double end_check_time = 0.3;    // s
constexpr double ferrocene_share = 0.25;  // of the limiting current that counts as contact
constexpr double shrunk = 1.0 / 3.0;      // last cycle / first cycle
constexpr double noise_ratio = 5.0;

/// Current on the plateau of the ferrocene wave minus the baseline in air, after the CV; A.
double ferrocene_current(ScanSession& session, double baseline) {
  const double plateau = session.to_qrce(session.parameters.calibration.ferrocene_potential.si() + oxidising);
  const double back = session.to_qrce(session.parameters.protocol.approach_potential.si());
  ScanProgram program;
  for (const double E : {plateau, back}) {
    PlannedLeg leg;
    leg.kind = files::LegKind::jump;
    leg.E_start_vs_QRCE = leg.E_end_vs_QRCE = E;
    leg.waypoint.E1 = E;
    leg.waypoint.jump_E1 = true;
    leg.waypoint.hold = E == plateau ? end_check_time : 0.0;
    program.legs.push_back(leg);
  }
  CollectedFrames frames(program.legs.size());
  session.runner.run(program, &frames);
  return mean(tail(frames.leg(0).i, 0.5)) - baseline;
}

/// Range of the current, means of 64 frames, that the stray capacitance and the noise alone would show on the last
/// cycle.
double empty_amplitude(const ScanSession& session) {
  constexpr double margin = 1.1;      // of the capacitance
  constexpr double deviations = 6.0;  // between the highest and the lowest of some hundred means
  const double rate = session.parameters.cv.scan_rates.back().si();
  return margin * 2.0 * std::abs(session.outcome.preflight.stray_capacitance) * rate +
         deviations * session.outcome.preflight.current_noise_rms / 8.0;
}

/// Two independent witnesses must agree that contact is gone: a cluster may cover all the gold that shows ferrocene,
/// and the first cycle on gold shrinks by itself.
bool contact_lost(ScanSession& session, const CvQuality& quality, double baseline) {
  const files::ReferenceCalibration& reference = session.outcome.reference_start;
  if (!session.parameters.protocol.contact_end_check || !reference.valid) return false;
  const double current = ferrocene_current(session, baseline);
  const bool no_ferrocene = std::abs(current) < ferrocene_share * std::abs(reference.limiting_current);
  const double last = quality.last_amplitude();
  return no_ferrocene && (last < shrunk * quality.first_amplitude() || last < empty_amplitude(session));
}

std::string verdict(ScanSession& session, const CvQuality& quality, double baseline) {
  const bool lost = contact_lost(session, quality, baseline);
  if (quality.saturated_frames() > 0) return "current saturated";
  if (lost) return "contact lost";
  if (session.difference_noise > 0.0 && quality.difference_noise() > noise_ratio * session.difference_noise)
    return "noisy";
  return "ok";
}

void take_landing_image(ScanSession& session, int index) {
  session.imaging.record(fmt::format("landing_{:03d}", index), instrument::LightChannel::transmission);
}

}  // namespace

files::PointRecord detail::open_record(ScanSession& session, const PointTask& task) {
  session.runner.begin_point();
  files::PointRecord record;
  record.index = session.next_point++;
  record.kind = task.kind;
  record.pixel_x = task.pixel.x;
  record.pixel_y = task.pixel.y;
  record.target_x = task.stage.x;
  record.target_y = task.stage.y;
  record.image_area = task.image_area;
  record.t_start = session.rig.clock.now();
  record.frame_begin = session.recorder.frame_count();
  return record;
}

void detail::close_record(ScanSession& session, files::PointRecord& record) {
  record.t_end = session.rig.clock.now();
  record.frame_end = session.recorder.frame_count();
  record.legs = session.runner.legs();
  session.recorder.add(record);
  session.last_point = record;
}

void note_contact(files::PointRecord& record, const ContactResult& contact) {
  record.contact = contact.made;
  record.attempts = contact.attempts;
  record.verdict = contact.failure;
  if (!contact.made) return;
  record.contact_x = contact.x;
  record.contact_y = contact.y;
  record.contact_z = contact.z;
  record.t_contact = contact.t;
}

files::PointRecord measure_point(ScanSession& session, const PointTask& task) {
  return record_point(session, task, [&](files::PointRecord& record) {
    const ContactResult contact = land(session, task.stage);
    note_contact(record, contact);
    if (!contact.made) return;
    rest_in_contact(session, session.parameters.protocol.settle.si());
    if (task.take_landing_image) take_landing_image(session, record.index);
    const ScanProgram program = cv_program(session.parameters.cv, session.offset_vs_Li);
    CvQuality quality(program);
    session.runner.run(program, &quality);
    record.complete = true;
    record.verdict = verdict(session, quality, contact.baseline);
    lift_off(session);
  });
}

}  // namespace seccm::scan
