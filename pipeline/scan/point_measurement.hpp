// One point from the first move to the last: land, rest, CV programme, check, lift off; its record in the run file.
//
// The CV programme is submitted only when `land` has confirmed the contact. Verdicts: "ok", or the first that applies
// of
//   "no contact", "contact not confirmed", "baseline too noisy", "meniscus does not break"   (no CV was submitted)
//   "rejected: ..."             the dry run refused a program
//   "current saturated"         on a ramp of the CV
//   "contact lost"              no ferrocene current behind the CV, and the last cycle shrank below a third of the
//   first "noisy"                     frame noise on the ramps above five times that in air "interrupted", "fault: ..."
//   the scan ended here
// Whatever ends a point, its record is written, with the frames it has.
#pragma once

#include <string>
#include <string_view>

#include "pipeline/scan/landing.hpp"
#include "pipeline/scan/reconnection.hpp"
#include "pipeline/scan/session.hpp"

namespace seccm::scan {

/// In front of the reason of the dry run.
inline constexpr std::string_view refused_verdict = "rejected: ";

struct PointTask {
  files::PointKind kind = files::PointKind::target;
  StagePoint stage;
  PixelPoint pixel;
  double image_area = 0.0;  ///< m²
  bool take_landing_image = false;
};

/// Returns the record as written. Faults and stop requests pass through after it is.
files::PointRecord measure_point(ScanSession& session, const PointTask& task);

/// The frame of every kind of point: opens the record, runs `body`, closes and writes the record even if `body` throws.
/// Behind it real devices are taken over, where a resumed run does that.
template <class Body>
files::PointRecord record_point(ScanSession& session, const PointTask& task, Body&& body);

/// Fills in what `land` found.
void note_contact(files::PointRecord& record, const ContactResult& contact);

namespace detail {
files::PointRecord open_record(ScanSession& session, const PointTask& task);
void close_record(ScanSession& session, files::PointRecord& record);
}  // namespace detail

template <class Body>
files::PointRecord record_point(ScanSession& session, const PointTask& task, Body&& body) {
  files::PointRecord record = detail::open_record(session, task);
  try {
    body(record);
  } catch (const ProgramRejected& rejected) {
    record.verdict = std::string(refused_verdict).append(rejected.what());
  } catch (const Cancelled&) {
    record.verdict = "interrupted";
    detail::close_record(session, record);
    throw;
  } catch (const DeviceError& fault) {
    record.verdict = std::string("fault: ").append(fault.what());
    detail::close_record(session, record);
    throw;
  }
  detail::close_record(session, record);
  take_over_if_due(session);
  return record;
}

}  // namespace seccm::scan
