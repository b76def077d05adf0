// Writes run files for replays: programs run on a rig and recorded as the scan records them, or pictures alone.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>

#include "files/run_file.hpp"
#include "instrument/roles/clock.hpp"
#include "instrument/roles/probe_sequencer.hpp"

namespace seccm::instrument::replay::testing {

struct Step {
  Program program;
  std::optional<double> stop_after;  ///< s; then `abort`, or `make_safe` when `safe`
  bool safe = false;
};

/// Connects `sequencer`, runs what `steps` names on it, one after the other, and writes the run file.
void record_steps(ProbeSequencer& sequencer, Clock& clock, const std::function<std::vector<Step>()>& steps,
                  const std::filesystem::path& target);

/// `count` images of 8 x 6 pixels, 5 ms x 3, lamps dark, from 1 s on; one program before them makes it a script.
void record_images(int count, const std::filesystem::path& target);

}  // namespace seccm::instrument::replay::testing
