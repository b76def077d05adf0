// What each record holds: field names, units and order. The single declaration behind the run file, its journal, the
// results file and its JSON (docs/file-formats.md shows the same tables).
#pragma once

#include <string_view>

#include "files/fields.hpp"
#include "files/records.hpp"
#include "files/results_file.hpp"

namespace seccm::files {

inline constexpr std::string_view run_schema = "seccm-run";
inline constexpr std::string_view results_schema = "seccm-results";
inline constexpr int run_schema_version = 2;
inline constexpr int results_schema_version = 2;

/// A point without its legs, which are a table of their own.
void describe(FieldVisitor& visit, PointRecord& point);
void describe(FieldVisitor& visit, Leg& leg);
void describe(FieldVisitor& visit, RunHeader& header);
void describe(FieldVisitor& visit, ReferenceCalibration& calibration);
void describe(FieldVisitor& visit, StatedQuantity& stated);
void describe(FieldVisitor& visit, Preflight& preflight);
void describe(FieldVisitor& visit, FaultRecord& fault);
/// An image without its pixels.
void describe(FieldVisitor& visit, RunImage& image);
/// A micrograph without its pixels.
void describe(FieldVisitor& visit, MicrographRecord& micrograph);
/// A program without its waypoints, which are a table of their own.
void describe(FieldVisitor& visit, ProgramRecord& program);
void describe(FieldVisitor& visit, WaypointRecord& waypoint);
void describe(FieldVisitor& visit, RigRecord& rig);
/// A registration without its affine map and matches.
void describe(FieldVisitor& visit, Registration& registration);
void describe(FieldVisitor& visit, Registration::Match& match);

/// What a results file is about, without its tables.
void describe_header(FieldVisitor& visit, Results& results);
void describe(FieldVisitor& visit, Estimate& estimate);
void describe(FieldVisitor& visit, Selection& selection);
void describe(FieldVisitor& visit, CvCurve& curve);
void describe(FieldVisitor& visit, ExponentCurve& curve);

}  // namespace seccm::files
