// A small run with every kind of record, made from a random stream.
#pragma once

#include <cmath>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "files/run_file.hpp"
#include "sim/error.hpp"
#include "sim/random.hpp"
#include "tests/support/scratch_directory.hpp"

namespace seccm::files::test {

using seccm::test::ScratchDirectory;

inline std::string slurp(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

inline void spill(const std::filesystem::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

/// What the InputError of an action says; empty when there was none.
template <class Action>
std::string error_of(Action action) {
  try {
    action();
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

inline RunHeader sample_header() {
  RunHeader h;
  h.scenario_text = "seed = 7\n# comment with \xC2\xB5m\n";
  h.scenario_name = "sample";
  h.seed = 0xFFFF'FFFF'FFFF'FFF7ULL;  // beyond the signed range
  h.software = "seccm-twin test";
  h.x = {1e-4 / 32768, 5e-5};
  h.y = {1e-4 / 32768, 5e-5};
  h.z = {5e-5 / 32768, 2.5e-5};
  h.E1 = {10.0 / 32768, 0.0};
  h.i1 = {1e-10 / 32768, 1.25e-13};
  h.E2 = {5.0 / 32768, 0.5};
  h.i2 = {1e-9 / 32768, 0.0};
  h.current_range = 1e-10;
  h.pipette_diameter = 1e-6;
  h.nominal_pixel_size = 1e-7;
  return h;
}

/// Counts with a few counts of noise, a ramp in E1 and a pause in the ticks before each thousandth frame.
inline std::vector<PackedFrame> sample_frames(std::uint64_t first, std::size_t count) {
  RandomStream random(11, "test frames", first);
  std::vector<PackedFrame> frames(count);
  for (std::size_t k = 0; k < count; ++k) {
    const std::uint64_t n = first + k;
    const auto noisy = [&](double centre, double sd) {
      return static_cast<std::int16_t>(std::lround(centre + sd * random.normal()));
    };
    frames[k] = {.tick = static_cast<std::int64_t>(n * 41120 + n / 1000 * 7777),
                 .x = noisy(1000, 2),
                 .y = noisy(-2000, 2),
                 .z = noisy(500, 3),
                 .E1 = static_cast<std::int16_t>(static_cast<int>(n % 16384) - 8192),
                 .i1 = noisy(0, 20),
                 .tag = static_cast<std::int16_t>(1 + n / 500),
                 .flags = static_cast<std::uint16_t>(n % 977 == 0 ? 3 : 0),
                 .E2 = noisy(300, 2),
                 .i2 = noisy(-5, 3)};
  }
  return frames;
}

inline PointRecord sample_point(int index, std::uint64_t begin, std::uint64_t end) {
  PointRecord p;
  p.index = index;
  p.kind = static_cast<PointKind>(index % 5);
  p.pixel_x = 100.25 + index;
  p.pixel_y = 1.0 / 3.0;
  p.target_x = 1e-6 * index;
  p.target_y = -2e-6;
  p.contact_x = 1.01e-6 * index;
  p.contact_y = -2.02e-6;
  p.contact_z = 3.3e-6;
  p.t_start = 0.1 + index;
  p.t_contact = 0.2 + index;
  p.t_end = 0.9 + index;
  p.contact = index % 2 == 0;
  p.complete = index % 3 == 0;
  p.attempts = 1 + index;
  p.verdict = index % 2 == 0 ? "ok" : "no contact within the range";
  p.image_area = 1.5e-12;
  p.frame_begin = begin;
  p.frame_end = end;
  for (int k = 0; k < 7; ++k)
    p.legs.push_back({.tag = 10 * index + k,
                      .kind = static_cast<LegKind>(k),
                      .cycle = k / 2,
                      .direction = k % 3 - 1,
                      .scan_rate = 0.05,
                      .E_start_vs_QRCE = -1.1,
                      .E_end_vs_QRCE = 0.7,
                      .frame_begin = begin,
                      .frame_end = end});
  return p;
}

inline RunImage sample_image(const std::string& name, int width, int height, std::uint64_t programs_before = 0) {
  RandomStream random(5, "test image");
  RunImage image;
  image.name = name;
  image.width = width;
  image.height = height;
  image.t = 12.5;
  image.illumination = "reflection";
  image.t_start = 12.25;
  image.exposure = 0.125;
  image.average = 2;
  image.reflection = 0.75;
  image.programs_before = programs_before;
  for (int k = 0; k < width * height; ++k) image.pixels.push_back(static_cast<std::uint16_t>(random.below(65536)));
  return image;
}

inline MicrographRecord sample_micrograph(int point) {
  MicrographRecord m{.point = point,
                     .pixel_size = 5e-9,
                     .centre_x = 1e-6,
                     .centre_y = 2e-6,
                     .width = 9,
                     .height = 5,
                     .everhart_thornley = {},
                     .in_lens = {},
                     .grey_gold = 30,
                     .grey_thick = 220,
                     .thickness_scale = 6e-8};
  for (std::uint8_t k = 0; k < 45; ++k) {
    m.everhart_thornley.push_back(k);
    m.in_lens.push_back(static_cast<std::uint8_t>(255 - k));
  }
  return m;
}

inline Registration sample_registration() {
  Registration r{
      .valid = true, .affine = {1e-5, 1e-7, 1e-10, -1e-5, -1e-10, 1e-7}, .residual_rms = 4e-8, .matches = {}};
  for (int k = 0; k < 4; ++k) r.matches.push_back({1.5 * k, 2.5 * k, 1e-6 * k, 2e-6 * k, 3e-8, k != 2});
  return r;
}

inline ProgramRecord sample_program(int index, std::uint64_t begin, std::uint64_t end) {
  ProgramRecord p;
  p.t_start = 0.1 + index;
  p.t_end = 0.9 + index;
  p.contact_threshold = 5e-12;
  p.contact_baseline = -1e-13;
  p.end = static_cast<ProgramEnd>(index % 5);
  p.executed = 3;
  p.x_end = 1e-6 * index;
  p.z_end = 3.3e-6;
  p.E1_end_vs_QRCE = -0.25;
  p.i1_end = 1e-12;
  p.frame_begin = begin;
  p.frame_end = end;
  for (int k = 0; k < 3; ++k) {
    WaypointRecord w;
    w.tag = k + 1;
    w.sets_x = k == 0;
    w.x = 1e-6 * k;
    w.speed_xy = 5e-5;
    w.speed_z = 1e-5;
    w.hold = 0.5 * k;
    w.on_contact = k == 2;
    p.waypoints.push_back(w);
  }
  return p;
}

inline RigRecord sample_rig() {
  RigRecord r;
  r.recorded = true;
  r.sequencer = "test sequencer";
  r.x_max = r.y_max = 1e-4;
  r.z_max = 5e-5;
  r.max_waypoints = 32767;
  r.camera_width = 40;
  r.camera_height = 30;
  r.t = 0.05;
  r.z = 5e-5;
  return r;
}

constexpr std::size_t frames_per_point = 1500;  // not a multiple of the frames of a journal record

/// Records `points` points with their frames and everything else; the caller finalises or lets the recorder die.
inline void record_sample(RunRecorder& recorder, int points) {
  recorder.set(sample_rig());
  recorder.set(Preflight{2e-13, -1e-14, 3e-13});
  recorder.add(sample_image("reference", 40, 30));
  for (int k = 0; k < points; ++k) {
    const std::uint64_t begin = recorder.frame_count();
    recorder.append(sample_frames(begin, frames_per_point));
    recorder.add(sample_program(k, begin, recorder.frame_count()));
    recorder.add(sample_point(k, begin, recorder.frame_count()));
  }
  recorder.set(sample_registration());
  recorder.add(ReferenceCalibration{1.5, 0.31, 2.94, 0.002, 4e-12, true});
  recorder.add(ReferenceCalibration{99.5, 0.32, 2.93, 0.003, 4.1e-12, false});
  recorder.add(sample_micrograph(0));
  recorder.add(sample_image("final", 17, 13));
}

inline void write_sample(const std::filesystem::path& path, int points = 4) {
  RunRecorder recorder(path, sample_header());
  record_sample(recorder, points);
  recorder.finalise("complete");
}

}  // namespace seccm::files::test
