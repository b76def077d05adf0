// Is the blind analysis of a scan of 60 points small beside the 60 s that scan, analysis and report may take together,
// and is its cost that of reading and averaging frames or that of the estimators?
//
//   InMemory  60 points, 3 cycles at 50 mV/s over 2 V (233 000 frames each) already in memory: treatment and estimators
//   RunFile   the same through a run file: reading, unpacking, averaging, estimators, all threads
//
// Read the ratio of the two, and InMemory per point; not one absolute time. Measured: about 1 ms of processor time per
// point in memory, a fifth of the whole through a file, whose unpacking dominates. Decision: no SIMD in the estimators;
// reading stays serial and whole points are treated side by side.
#include <benchmark/benchmark.h>

#include <cmath>
#include <cstdint>
#include <filesystem>
#include <vector>

#include "files/run_file.hpp"
#include "pipeline/analysis/analyse.hpp"
#include "pipeline/analysis/point_analysis.hpp"
#include "sim/random.hpp"

namespace {

using namespace seccm;
using namespace seccm::analysis;

constexpr int points = 60, cycles = 3;
constexpr double interval = 1.028e-3, v = 0.05, offset_vs_Li = 3.05;
constexpr double lsb_i = 1e-15, lsb_E = 1e-4;

// Peaks of 1 pA with a tail on a capacitor: the shape matters little, the number of frames does.
double current(double E, int direction) {
  const double x = direction * (E - (direction > 0 ? 2.1 : 1.5)) / 0.05;
  const double wave = x < 0 ? std::exp(-0.5 * x * x) : 1 / std::sqrt(1 + x);
  return direction * (1e-12 * wave + 0.05e-12);
}

Voltammogram sweep(int cycle, int direction, RandomStream& random) {
  Voltammogram s;
  s.cycle = cycle;
  s.direction = direction;
  s.scan_rate = v;
  for (double t = 0; t < 39.999; t += interval) {
    const double E = direction > 0 ? 1.0 + v * t : 3.0 - v * t;
    s.E_vs_Li.push_back(E);
    s.i.push_back(current(E, direction) + 50e-15 * random.normal());
    s.t.push_back(80.0 * cycle + (direction > 0 ? 40.0 : 0.0) + t);
  }
  return s;
}

PointInput make_point(int index) {
  PointInput input;
  input.index = index;
  input.contact = input.complete = input.reference_known = true;
  input.image_area = 1e-12;
  input.pipette_diameter = 1e-6;
  RandomStream random(1, "bench analysis", static_cast<std::uint64_t>(index));
  for (int c = 1; c <= cycles; ++c) {
    for (const int d : {-1, 1}) input.voltammograms.push_back(sweep(c, d, random));
  }
  return input;
}

void InMemory(benchmark::State& state) {
  std::vector<PointInput> inputs;
  for (int k = 0; k < 4; ++k) inputs.push_back(make_point(k));
  const AnalysisParameters parameters;
  const Background background(BackgroundMethod::stray_capacitance, {}, {});
  for (auto _ : state) {
    files::Results results;
    for (int k = 0; k < points; ++k) {
      append_results(analyse_point(inputs[static_cast<std::size_t>(k % 4)], background, parameters), parameters,
                     results);
    }
    benchmark::DoNotOptimize(results.estimates.data());
  }
  state.SetItemsProcessed(state.iterations() * points);
}
BENCHMARK(InMemory)->Unit(benchmark::kMillisecond);

void write_point(files::RunRecorder& recorder, int index) {
  const PointInput input = make_point(index);
  files::PointRecord record;
  record.index = index;
  record.contact = record.complete = true;
  record.attempts = 1;
  record.verdict = "ok";
  record.image_area = input.image_area;
  record.frame_begin = recorder.frame_count();
  std::int16_t tag = 0;
  for (const Voltammogram& s : input.voltammograms) {
    files::Leg leg;
    leg.tag = ++tag;
    leg.kind = files::LegKind::ramp;
    leg.cycle = s.cycle;
    leg.direction = s.direction;
    leg.scan_rate = s.scan_rate;
    leg.frame_begin = recorder.frame_count();
    std::vector<files::PackedFrame> frames;
    for (std::size_t k = 0; k < s.i.size(); ++k) {
      files::PackedFrame f;
      f.tick = std::llround((500.0 * index + s.t[k]) / 25e-9);
      f.E1 = static_cast<std::int16_t>(std::lround((s.E_vs_Li[k] - offset_vs_Li) / lsb_E));
      f.i1 = static_cast<std::int16_t>(std::lround(s.i[k] / lsb_i));
      f.tag = tag;
      frames.push_back(f);
    }
    recorder.append(frames);
    leg.frame_end = recorder.frame_count();
    record.legs.push_back(leg);
  }
  record.frame_end = recorder.frame_count();
  recorder.add(record);
}

void write_run(const std::filesystem::path& path) {
  files::RunHeader header;
  header.scenario_name = "bench";
  header.i1.lsb = lsb_i;
  header.E1.lsb = lsb_E;
  header.current_range = 32767 * lsb_i;
  header.pipette_diameter = 1e-6;
  files::RunRecorder recorder(path, header);
  files::ReferenceCalibration calibration;
  calibration.offset_vs_Li = offset_vs_Li;
  calibration.standard_error = 1e-3;
  calibration.valid = true;
  recorder.add(calibration);
  for (int k = 0; k < points; ++k) write_point(recorder, k);
  recorder.finalise("complete");
}

void RunFile(benchmark::State& state) {
  const auto path = std::filesystem::temp_directory_path() / "seccm_bench_analysis.run.h5";
  write_run(path);
  {
    const files::RunReader run(path);
    for (auto _ : state) {
      const auto results = analyse(run, {});
      benchmark::DoNotOptimize(results.estimates.data());
    }
  }
  state.SetItemsProcessed(state.iterations() * points);
  std::filesystem::remove(path);
}
BENCHMARK(RunFile)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
