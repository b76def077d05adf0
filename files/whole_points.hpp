// How far a journal can be played back to a rig that does not do the same again: up to its last whole point.
//
// A point is whole when its record is there and says neither "interrupted" nor "fault: ...". What follows it (a torn
// point, images and programs between points, the fault that ended the scan) is in no whole point and is measured again.
// A device fault that the scan went on after can not be played back: a record does not say which call failed.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "files/records.hpp"

namespace seccm::files {

struct WholePoints {
  std::uint64_t end = 0;  ///< bytes of the journal up to the end of the record of the last one; 0: there is none
  int points = 0;
  RunHeader header;
  std::string origin;
  RigRecord rig;
  std::string obstacle;  ///< why they can not be played back, in words; "": they can
  std::string ended_by;  ///< what the run came to behind them, in words: a device fault, or the death of its process

  [[nodiscard]] bool can_be_resumed() const { return points > 0 && obstacle.empty(); }
};

/// Throws InputError for a missing or foreign journal, and for a record that no recorder wrote.
WholePoints find_whole_points(const std::filesystem::path& journal);

/// The run file of the whole points alone, status "interrupted"; the journal is only read. Needs room for a second
/// journal beside `target` meanwhile. Throws InputError.
void build_whole_points(const std::filesystem::path& journal, const WholePoints& found,
                        const std::filesystem::path& target);

}  // namespace seccm::files
