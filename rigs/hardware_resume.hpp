// A scan on hardware whose process died or whose instrument failed, from its journal: the whole points are played back
// to the same scan, which takes the real devices over behind them (instrument/replay/continued_rig.hpp).
//
// In this order, and each may refuse: the journal and the scenario (nothing is connected by then), the instruments that
// answer, the course that the scan takes. Refused is files::ResumeError; the journal is as it was.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>

#include "files/journal.hpp"
#include "files/records.hpp"
#include "files/whole_points.hpp"
#include "instrument/replay/continued_rig.hpp"
#include "instrument/roles/rig.hpp"

namespace seccm::rigs {

class HardwareResume {
 public:
  /// `now`: what the header would say, of which software, seed and scenario count here. The journal is locked until
  /// `require_same`. Throws InputError, also when another process writes to the journal.
  HardwareResume(const std::filesystem::path& run, const files::RunHeader& now, std::string_view origin);
  HardwareResume(const HardwareResume&) = delete;
  HardwareResume& operator=(const HardwareResume&) = delete;

  /// Where the journal holds no whole point there is nothing to play: the run begins anew.
  [[nodiscard]] bool plays() const { return found_.points > 0; }
  /// Connected devices against those of the journal: identity, limits, and where connecting leaves the probe.
  void require_same(const files::RigRecord& now);
  /// The roles for the scan; `device` is connected, `catching_up` the recorder's word (RunRecorder::catching_up).
  [[nodiscard]] instrument::Rig continued(const instrument::Rig& device, std::function<bool()> catching_up);

 private:
  [[noreturn]] void refuse(const std::string& what) const;

  std::filesystem::path run_;
  std::optional<files::JournalWriter> lock_;
  files::WholePoints found_;
  std::optional<instrument::replay::ReplayRig> past_;
  std::optional<instrument::replay::ContinuedRig> continued_;
};

}  // namespace seccm::rigs
