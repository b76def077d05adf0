// Scan rates and cycle numbers of the ramps of a point.
//
// A sweep is a ramp, or several that go on in one direction at one rate where the one before ended. Sweeps at one rate,
// one after the other, are a block; with the rate (or the recording) the block changes, and with a block a cycle
// begins.
//   rate     of all ramps of a block the mean, weighted with their heights; the nearest rate that the source names,
//            where it lies within the tolerance of that
//   cycle    the number that the source gives to most samples of the sweep, provided that no number stands for two
//            sweeps of one direction. (EC-Lab counts from the second vertex: its first cycle has one half more.)
//            Otherwise counted from the vertices: a cycle begins with each sweep in the direction of the first of its
//            block; where the block began between its vertices, its last piece, which ends there, closes the cycle
//            before.
// Numbers go on from block to block: 1, 2, ... over the whole point. A single sweep beside blocks of several leads to a
// potential and is no voltammogram: cycle 0.
#pragma once

#include <string>
#include <vector>

#include "files/import/foreign_recording.hpp"

namespace seccm::files {

/// Sets `scan_rate` and `cycle` of the ramps of `point`. Returns what a user has to know of it, "" for nothing.
std::string number_sweeps(const ForeignRecording& recording, PointRecord& point);

}  // namespace seccm::files
