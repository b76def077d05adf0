#include "rigs/hardware_resume.hpp"

#include <fmt/format.h>

#include <utility>

#include "files/recorded_past.hpp"
#include "files/run_file.hpp"

namespace seccm::rigs {
namespace {

namespace fs = std::filesystem;

/// Of the record, in the words of an operator; "" when they are the same.
std::string difference(const files::RigRecord& then, const files::RigRecord& now) {
  const std::pair<const char*, std::string files::RigRecord::*> names[] = {{"sequencer", &files::RigRecord::sequencer},
                                                                           {"camera", &files::RigRecord::camera},
                                                                           {"lamps", &files::RigRecord::light}};
  for (const auto& [what, field] : names)
    if (then.*field != now.*field)
      return fmt::format("the {}: '{}' in the journal, '{}' now", what, then.*field, now.*field);
  struct Number {
    const char* what;
    double files::RigRecord::*field;
    double scale;
    const char* unit;
  };
  constexpr double um = 1e-6;
  using R = files::RigRecord;
  const Number numbers[] = {{"lowest x", &R::x_min, um, "um"},
                            {"highest x", &R::x_max, um, "um"},
                            {"lowest y", &R::y_min, um, "um"},
                            {"highest y", &R::y_max, um, "um"},
                            {"lowest z", &R::z_min, um, "um"},
                            {"highest z", &R::z_max, um, "um"},
                            {"lateral speed", &R::speed_xy_max, um, "um/s"},
                            {"speed of z", &R::speed_z_max, um, "um/s"},
                            {"lowest potential", &R::E_min, 1.0, "V vs QRCE"},
                            {"highest potential", &R::E_max, 1.0, "V vs QRCE"},
                            {"rate of the potential", &R::rate_E_max, 1.0, "V/s"},
                            {"contact latency", &R::contact_latency, 1e-3, "ms"},
                            {"x after connecting", &R::x, um, "um"},
                            {"y after connecting", &R::y, um, "um"},
                            {"z after connecting", &R::z, um, "um"},
                            {"potential after connecting", &R::E1_vs_QRCE, 1.0, "V vs QRCE"}};
  for (const Number& n : numbers)
    if (then.*n.field != now.*n.field)
      return fmt::format("{}: {:.9g} {} in the journal, {:.9g} {} now", n.what, then.*n.field / n.scale, n.unit,
                         now.*n.field / n.scale, n.unit);
  if (then.max_waypoints != now.max_waypoints)
    return fmt::format("waypoints of a program: {} in the journal, {} now", then.max_waypoints, now.max_waypoints);
  if (then.device_side_contact != now.device_side_contact)
    return fmt::format("contact found by the {} in the journal, by the {} now",
                       then.device_side_contact ? "device" : "host", now.device_side_contact ? "device" : "host");
  if (then.camera_width != now.camera_width || then.camera_height != now.camera_height)
    return fmt::format("image: {} x {} pixels in the journal, {} x {} now", then.camera_width, then.camera_height,
                       now.camera_width, now.camera_height);
  return "";
}

fs::path journal_beside(const fs::path& run) {
  return run.string() + ".journal";
}

}  // namespace

HardwareResume::HardwareResume(const fs::path& run, const files::RunHeader& now, std::string_view origin) : run_(run) {
  const fs::path journal = journal_beside(run);
  lock_.emplace(journal, files::ContinueJournal{});
  found_ = files::find_whole_points(journal);
  if (!plays()) return;
  if (const std::string other = files::difference_of_origin(found_.header, found_.origin, now, origin); !other.empty())
    refuse(other);
  if (!found_.obstacle.empty()) refuse(found_.obstacle);
  const fs::path past = run.string() + ".past";
  files::build_whole_points(journal, found_, past);
  try {
    past_.emplace(past);
  } catch (...) {
    fs::remove(past);
    throw;
  }
  fs::remove(past);  // open, and nobody else's
}

void HardwareResume::refuse(const std::string& what) const {
  throw files::ResumeError(
      fmt::format("cannot resume '{}': {}. The journal is as it was; `--rescue` builds a run file of what it holds",
                  journal_beside(run_).string(), what));
}

void HardwareResume::require_same(const files::RigRecord& now) {
  if (plays()) {
    if (const std::string other = difference(found_.rig, now); !other.empty()) refuse("the rig differs: " + other);
  }
  lock_.reset();
}

instrument::Rig HardwareResume::continued(const instrument::Rig& device, std::function<bool()> catching_up) {
  if (!plays()) return device;
  continued_.emplace(*past_, device, std::move(catching_up));
  return continued_->rig();
}

}  // namespace seccm::rigs
