#include "scenarios/consistency.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "instrument/twin/landing_cell.hpp"
#include "models/cell/program_parameters.hpp"
#include "models/electrolyte/electrolyte_spec.hpp"
#include "scenarios/hardware_probe.hpp"
#include "scenarios/sections_in_use.hpp"
#include "sim/error.hpp"

namespace seccm::scenarios {
namespace {

std::string um(double metres) {
  return fmt::format("{:.5g} um", 1e6 * metres);
}
std::string volts(double v) {
  return fmt::format("{:.5g} V", v);
}

/// Side of the square that one landing takes up: footprint of median size, with its rim.
double site(const Scenario& s) {
  return s.twin.pipette.diameter.si() * s.twin.meniscus.footprint_ratio;
}

void require_field(const Scenario& s) {
  const auto& sample = s.twin.sample;
  const double width = sample.field_width.si();
  const double height = sample.field_height.si();
  const double tip = 2.0 * s.twin.pipette.outer_radius();
  const double room = std::min(width, height) - 2.0 * sample.edge_margin.si();
  if (tip >= std::min(width, height)) {
    throw InputError(fmt::format(
        "pipette.diameter = {} with pipette.wall_ratio = {}: the tip is {} wide, larger than the field of {} "
        "x {} (sample.field_width, sample.field_height); accepted is a tip smaller than the field",
        um(s.twin.pipette.diameter.si()), s.twin.pipette.wall_ratio, um(tip), um(width), um(height)));
  }
  if (room <= tip) {
    throw InputError(fmt::format(
        "sample.edge_margin = {}: leaves {} of a field of {} x {} to land a tip of {}; accepted is a margin below {}",
        um(sample.edge_margin.si()), um(std::max(room, 0.0)), um(width), um(height), um(tip),
        um(0.5 * (std::min(width, height) - tip))));
  }
  if (sample.cluster_sizes.empty() && sample.clusters <= 0) {
    throw InputError(
        "sample.clusters = 0 and sample.cluster_sizes is empty: the field is empty; accepted is at least one cluster");
  }
  if (sample.positions_x.size() != sample.positions_y.size()) {
    throw InputError(fmt::format("sample.positions_x has {} values and sample.positions_y {}: accepted are as many",
                                 sample.positions_x.size(), sample.positions_y.size()));
  }
}

/// A regular array within the travels of x and y, m; each is named by its key.
void require_array(const scan::ProtocolParameters& protocol, double travel_x, const char* key_x, double travel_y,
                   const char* key_y) {
  const auto require_axis = [&](const char* key, int nodes, double travel, const char* range) {
    const double length = (nodes - 1) * protocol.grid_pitch.si();
    if (length <= travel) return;
    throw InputError(
        fmt::format("scan.{} = {} at scan.grid_pitch = {}: the array is {} long, the stage travels "
                    "{} = {}; accepted are at most {:.0f} nodes",
                    key, nodes, um(protocol.grid_pitch.si()), um(length), range, um(travel),
                    std::floor(travel / protocol.grid_pitch.si()) + 1));
  };
  require_axis("grid_columns", protocol.grid_columns, travel_x, key_x);
  require_axis("grid_rows", protocol.grid_rows, travel_y, key_y);
}

void require_points(const Scenario& s) {
  const auto& protocol = s.scan.protocol;
  const auto& sample = s.twin.sample;
  if (protocol.mode == scan::ScanMode::smart) {
    const double width = sample.field_width.si() - 2.0 * sample.edge_margin.si();
    const double height = sample.field_height.si() - 2.0 * sample.edge_margin.si();
    const double places = std::floor(width / site(s)) * std::floor(height / site(s));
    if (protocol.points > places) {
      throw InputError(fmt::format(
          "scan.points = {}: more than the field can hold; {} x {} inside sample.edge_margin hold at most {:.0f} "
          "footprints of {} (pipette.diameter x meniscus.footprint_ratio) side by side",
          protocol.points, um(width), um(height), places, um(site(s))));
    }
    return;
  }
  require_array(protocol, s.twin.stage.range_xy.si(), "stage.range_xy", s.twin.stage.range_xy.si(), "stage.range_xy");
}

/// What limits the potential of a scan, and what is known of its reference.
struct Window {
  double converter = 0.0;  ///< V, either sign
  std::string_view converter_keys;
  double reference = 0.0, spread = 0.0;  ///< of the QRCE vs Li, V
  std::string_view reference_keys;
};

/// A potential vs Li that the scan will apply must be allowed whatever the quasi-reference turns out to be.
void require_window(const Scenario& s, const Window& w) {
  const double low = std::max(s.interlock.E_min.si(), -w.converter);
  const double high = std::min(s.interlock.E_max.si(), w.converter);
  const auto require = [&](const char* key, double E_vs_Li) {
    if (E_vs_Li - w.reference - w.spread >= low && E_vs_Li - w.reference + w.spread <= high) return;
    throw InputError(fmt::format(
        "{} = {} vs Li: outside the window of the rig, {} to {} vs QRCE (interlock.E_min, interlock.E_max and {}), "
        "with the QRCE anywhere in {} ± {} ({}); accepted {} to {}",
        key, volts(E_vs_Li), volts(low), volts(high), w.converter_keys, volts(w.reference), volts(w.spread),
        w.reference_keys, volts(low + w.reference + w.spread), volts(high + w.reference - w.spread)));
  };
  require("cv.start", s.scan.cv.start.si());
  require("cv.vertex1", s.scan.cv.vertex1.si());
  require("cv.vertex2", s.scan.cv.vertex2.si());
  require("scan.approach_potential", s.scan.protocol.approach_potential.si());
}

Window window_of_twin(const Scenario& s) {
  return {10.0 / s.twin.amplifier.command_ratio, "±10 V / amplifier.command_ratio", s.twin.qrce.potential.si(),
          s.twin.qrce.spread.si(), "qrce.potential, qrce.spread"};
}

/// Nobody knows the reference before it is calibrated; the calibrated one is held against the window by the scan.
Window window_of_hardware(const Scenario& s, HardwareProbe probe) {
  const double nominal = s.scan.calibration.nominal_offset.si();
  if (probe == HardwareProbe::host)
    return {s.host.potential_range.si(), "±host.potential_range", nominal, 0.0, "calibration.nominal_offset"};
  return {10.0 / s.wecspm.command_ratio, "±10 V / wecspm.command_ratio", nominal, 0.0, "calibration.nominal_offset"};
}

/// The twin of a scan steps its cells with the fast engine, on the grid of its frames.
void require_fast(const models::NumericsParameters& numerics) {
  const auto refuse = [](std::string_view what, std::string_view accepted) {
    throw InputError(
        fmt::format("numerics.{}: the twin of a scan steps its cells with the fast engine, on the grid of "
                    "its frames; accepted is {}, or job = \"simulate\"",
                    what, accepted));
  };
  if (numerics.engine == models::EngineKind::reference) refuse("engine = \"reference\"", "\"auto\" or \"fast\"");
  if (numerics.step == models::StepKind::adaptive) refuse("step = \"adaptive\"", "\"fixed\"");
  if (!numerics.sensitivities.empty()) {
    refuse(fmt::format("sensitivities = \"{}\"", numerics.sensitivities), "\"\"");
  }
}

/// A recording is one sample at one time: frames of it and images of another sample would be a chimera.
void require_one_recording(const RigParameters& rig) {
  const auto replayed = [](DeviceSource source) { return source == DeviceSource::replay; };
  const int count = static_cast<int>(rig.sequencer == SequencerSource::replay) +
                    static_cast<int>(replayed(rig.camera)) + static_cast<int>(replayed(rig.light));
  if (count != 0 && count != 3)
    throw InputError(
        "rig.sequencer, rig.camera and rig.light: some are \"replay\" and some are not; accepted are all three or "
        "none: "
        "a recorded run is one sample at one time");
  if (count == 3 && rig.replay_run.empty())
    throw InputError("rig.replay_run = \"\": a replay needs the path of a run file");
  if (count == 0 && !rig.replay_run.empty())
    throw InputError(fmt::format(
        "rig.replay_run = \"{}\": no device is \"replay\"; accepted is a run file when all three are", rig.replay_run));
}

/// Two worlds can not be one rig: a twin's camera does not see what a laboratory's stage moves.
void require_one_laboratory(const RigParameters& rig) {
  const std::array<std::pair<std::string_view, std::string_view>, 3> roles{{
      {"sequencer", sequencer_source_names.at(static_cast<std::size_t>(rig.sequencer))},
      {"camera", device_source_names.at(static_cast<std::size_t>(rig.camera))},
      {"light", device_source_names.at(static_cast<std::size_t>(rig.light))},
  }};
  const auto is_real = [](const auto& role) { return role.second == "hardware"; };
  const auto real = std::find_if(roles.begin(), roles.end(), is_real);
  const auto other = std::find_if_not(roles.begin(), roles.end(), is_real);
  if (real == roles.end() || other == roles.end()) return;
  throw InputError(
      fmt::format("rig.{} = \"hardware\" with rig.{} = \"{}\": a real device and one of another world; accepted is "
                  "\"hardware\" for sequencer, camera and light, or for none of them",
                  real->first, other->first, other->second));
}

/// The wires of camera and lamps lead to the world of the host's stage and source meter.
void require_one_host(const RigParameters& rig) {
  if (rig.sequencer == SequencerSource::host) return;
  const auto refuse_host = [](std::string_view role, DeviceSource source) {
    if (source != DeviceSource::host) return;
    throw InputError(fmt::format(
        "rig.{} = \"host\" without rig.sequencer = \"host\"; accepted is \"twin\", or all on the wire", role));
  };
  refuse_host("camera", rig.camera);
  refuse_host("light", rig.light);
}

/// Under the median footprint, for as long as the slowest programme of a point takes.
void require_liquid(const Scenario& s) {
  const auto& cv = s.scan.cv;
  double slowest = s.twin.numerics.fastest_scan_rate.si();
  for (const ScanRate rate : cv.scan_rates) slowest = std::min(slowest, rate.si());
  const double window = std::abs(cv.vertex1.si() - cv.start.si()) + std::abs(cv.vertex2.si() - cv.vertex1.si());
  const double duration = 2.0 * cv.cycles * window / slowest;
  models::check_electrolyte(
      models::assemble_electrolyte(s.twin.electrolyte, s.twin.pipette, s.twin.meniscus, s.twin.tip.temperature.si(),
                                   s.twin.numerics.potential_step.si() / s.twin.numerics.fastest_scan_rate.si()),
      duration);
}

/// What the twin of a scan can not be.
void require_twin(const Scenario& scenario) {
  require_fast(scenario.twin.numerics);
  if (scenario.twin.cluster.particles != models::ParticleArrangement::alike || has_voxels(scenario)) {
    throw InputError(
        "cluster.particles, voxels.source: the clusters of a scan come from [sample], as particles; accepted are "
        "\"alike\" and \"none\", or job = \"simulate\"");
  }
  instrument::twin::require_cell(scenario.twin);
  if (has_electrolyte(scenario)) require_liquid(scenario);
  require_field(scenario);
  require_points(scenario);
  require_window(scenario, window_of_twin(scenario));
}

/// What can be said of a laboratory before anything is connected. Travel and window of a host's instruments are known
/// once they are: the scan asks them.
void require_laboratory(const Scenario& s) {
  const HardwareProbe probe = require_hardware_named(s);
  if (s.faults.sequencer != instrument::InjectedFault::none || s.faults.camera_silent ||
      s.faults.light != instrument::LightFault::none) {
    throw InputError(
        "faults.sequencer, faults.camera_silent, faults.light: faults on purpose in front of real instruments leave "
        "the tip where it "
        "is; accepted are \"none\", false and \"none\", or a rig that is a twin");
  }
  const bool fpga = probe == HardwareProbe::fpga;
  if (fpga && s.scan.protocol.mode == scan::ScanMode::grid) {
    require_array(s.scan.protocol, s.wecspm.span_x.si(), "wecspm.span_x", s.wecspm.span_y.si(), "wecspm.span_y");
  }
  require_window(s, window_of_hardware(s, probe));
}

}  // namespace

void require_consistent(const Scenario& scenario) {
  if (scenario.job == Job::campaign) {
    if (split_names(scenario.campaign.runs).empty()) {
      throw InputError("campaign.runs = \"\": a campaign without runs; accepted are names of scenario files");
    }
    return;
  }
  if (scenario.job == Job::simulate || scenario.job == Job::ensemble) {
    (void)models::to_waveform(scenario.program);
    return;
  }
  require_one_laboratory(scenario.rig);
  require_one_recording(scenario.rig);
  require_one_host(scenario.rig);
  if (scenario.rig.sequencer == SequencerSource::hardware) {
    require_laboratory(scenario);
  } else {
    require_twin(scenario);
  }
  scan::require_consistent(scenario.scan);
}

}  // namespace seccm::scenarios
