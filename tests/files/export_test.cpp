// Every export, read by programs that are not ours (read_export.py): pandas, gwyddion, tifffile, h5py, xarray.
#include "files/export/export_run.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <nlohmann/json.hpp>
#include <sstream>

#include "files/import/import_run.hpp"
#include "files/import/schema_v2.hpp"
#include "files/run_journal.hpp"
#include "sample_run.hpp"
#include "sim/error.hpp"
#include "tests/files/foreign_sample.hpp"

namespace seccm::files {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;
using test::error_of;
using test::ScratchDirectory;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

Json read_elsewhere(const std::string& format, const fs::path& path, const std::string& python = SECCM_PYTHON) {
  const std::string command =
      python + " " + SECCM_SOURCE_DIR "/tests/files/read_export.py " + format + " '" + path.string() + "'";
  std::FILE* pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error("can not run " + command);
  std::string out;
  for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) out += static_cast<char>(c);
  const int status = ::pclose(pipe);
  if (status != 0) throw std::runtime_error(command + " failed");
  return Json::parse(out);
}

/// A run of an array of 3 x 1 points with voltammograms.
class ArrayRun : public ::testing::Test {
 protected:
  void SetUp() override {
    const ImportOptions options{.stated = {{"pipette_diameter", 2e-6, 0.0, "m", "a test"}}, .reference_offset = 3.0};
    write_foreign(parse_schema_v2(to_csv(sample_), to_sidecar(sample_), Polarity::wec_spm, "scan.csv"), dir_ / "run.h5",
                  options);
    run_.emplace(dir_ / "run.h5");
  }
  std::vector<fs::path> write(ExportFormat format, const std::string& name, const ExportOptions& options = {}) {
    return export_run(*run_, format, dir_ / name, options);
  }

  ScratchDirectory dir_;
  test::ForeignSample sample_ = test::foreign_sample(3);
  std::optional<RunReader> run_;
};

/// Points found in the recording and found again in what was exported from its run: the values went once through the
/// counts of the run (half a step) and once more through the decimals of the format (half of its last one).
void expect_same_point(const PointRecord& p, const PointRecord& q, const RunHeader& header) {
  const double tick = header.tick;
  EXPECT_EQ(p.index, q.index);
  EXPECT_EQ(p.kind, q.kind);
  EXPECT_EQ(p.contact, q.contact);
  EXPECT_EQ(p.complete, q.complete);
  EXPECT_EQ(p.attempts, q.attempts);
  EXPECT_EQ(p.verdict, q.verdict);
  EXPECT_EQ(p.frame_begin, q.frame_begin);
  EXPECT_EQ(p.frame_end, q.frame_end);
  EXPECT_NEAR(p.target_x, q.target_x, 1e-15);
  EXPECT_NEAR(p.target_y, q.target_y, 1e-15);
  EXPECT_NEAR(p.contact_x, q.contact_x, 0.5 * header.x.lsb + 5e-12);
  EXPECT_NEAR(p.contact_y, q.contact_y, 0.5 * header.y.lsb + 5e-12);
  EXPECT_NEAR(p.contact_z, q.contact_z, 0.5 * header.z.lsb + 5e-12);
  EXPECT_NEAR(p.t_start, q.t_start, 0.5 * tick + 5e-10);
  EXPECT_NEAR(p.t_contact, q.t_contact, 0.5 * tick + 5e-10);
  EXPECT_NEAR(p.t_end, q.t_end, 0.5 * tick + 5e-10);
  ASSERT_EQ(p.legs.size(), q.legs.size());
  for (std::size_t k = 0; k < p.legs.size(); ++k) {
    const Leg &a = p.legs[k], &b = q.legs[k];
    SCOPED_TRACE("leg " + std::to_string(k));
    EXPECT_EQ(a.tag, b.tag);
    EXPECT_EQ(a.kind, b.kind);
    EXPECT_EQ(a.cycle, b.cycle);
    EXPECT_EQ(a.direction, b.direction);
    EXPECT_EQ(a.frame_begin, b.frame_begin);
    EXPECT_EQ(a.frame_end, b.frame_end);
    // Errors of at most dE move the slope of n fitted points over a time T by at most 3 dE/T (n -> infinity; 4 from
    // n = 3 on), and the ends of the line by that over T/2 and the mean's dE.
    const double dE = 0.5 * header.E1.lsb + 5e-8 + b.scan_rate * (0.5 * tick + 5e-10);
    const double T = static_cast<double>(b.frame_end - b.frame_begin - 1) * header.frame_interval;
    EXPECT_NEAR(a.scan_rate, b.scan_rate, b.kind == LegKind::ramp ? 4.0 * dE / T : 0.0);
    EXPECT_NEAR(a.E_start_vs_QRCE, b.E_start_vs_QRCE, 3.0 * dE);
    EXPECT_NEAR(a.E_end_vs_QRCE, b.E_end_vs_QRCE, 3.0 * dE);
  }
}

TEST_F(ArrayRun, MptHoldsTheVoltammogramOfEachPoint) {
  const auto files = write(ExportFormat::mpt, "mpt");
  ASSERT_EQ(files.size(), 3U);
  const Json found = read_elsewhere("mpt", files[1]);
  EXPECT_EQ(found["technique"], "Cyclic Voltammetry");
  EXPECT_EQ(found["columns"], Json({"time/s", "Ewe/V", "<I>/mA", "cycle number"}));
  std::size_t frames = 0;
  for (const Leg& leg : run_->summary().points[1].legs)
    if (leg.kind == LegKind::ramp) frames += leg.frame_end - leg.frame_begin;
  EXPECT_EQ(found["rows"], frames);
  EXPECT_EQ(found["nan"], 0);
  EXPECT_NEAR(found["min"][1], sample_.E_vertex, 1e-4);
  EXPECT_NEAR(found["max"][1], sample_.E_start, 2e-3);
  EXPECT_NEAR(found["min"][2], -1e-8, 1e-11);  // 10 pA/V at -1 V, in mA
  EXPECT_EQ(found["last"][3], 2.0);
  EXPECT_EQ(write(ExportFormat::mpt, "one.mpt", {.point = 1}).size(), 1U);
  EXPECT_TRUE(test::slurp(dir_ / "one.mpt") == test::slurp(files[1]));
}

TEST_F(ArrayRun, MptComesBackAsTheSameRamps) {
  write(ExportFormat::mpt, "one.mpt", {.point = 1});
  const ImportReport report = write_foreign(read_foreign({dir_ / "one.mpt"}, {}), dir_ / "back.h5", {});
  EXPECT_EQ(report.polarity, Polarity::iupac);
  const RunReader back(dir_ / "back.h5");
  ASSERT_EQ(back.summary().points.size(), 1U);
  EXPECT_TRUE(back.summary().points[0].complete);
  ASSERT_EQ(back.summary().reference_calibrations.size(), 1U);
  EXPECT_NEAR(back.summary().reference_calibrations[0].offset_vs_Li, 3.0, 1e-6);
  EXPECT_NEAR(back.summary().header.pipette_diameter, 2e-6, 1e-12);
  const auto ramps_of = [](const RunReader& run, std::size_t point) {
    std::vector<Leg> ramps;
    for (const Leg& leg : run.summary().points[point].legs)
      if (leg.kind == LegKind::ramp) ramps.push_back(leg);
    return ramps;
  };
  const std::vector<Leg> before = ramps_of(*run_, 1), after = ramps_of(back, 0);
  ASSERT_EQ(before.size(), 4U);
  ASSERT_EQ(after.size(), before.size());
  const RunHeader& header = run_->summary().header;
  for (std::size_t k = 0; k < before.size(); ++k) {
    SCOPED_TRACE("ramp " + std::to_string(k));
    const Leg &a = before[k], &b = after[k];
    EXPECT_EQ(a.cycle, b.cycle);
    EXPECT_EQ(a.direction, b.direction);
    // As in expect_same_point; here a ramp may also begin or end one frame apart.
    const double frame = a.scan_rate * header.frame_interval;
    const double dE = 0.5 * header.E1.lsb + 5e-7 + a.scan_rate * (0.5 * header.tick + 5e-7);
    const double T = static_cast<double>(a.frame_end - a.frame_begin - 1) * header.frame_interval;
    EXPECT_NEAR(a.scan_rate, b.scan_rate, 4.0 * dE / T);
    EXPECT_NEAR(a.E_start_vs_QRCE, b.E_start_vs_QRCE, 3.0 * dE + frame);
    EXPECT_NEAR(a.E_end_vs_QRCE, b.E_end_vs_QRCE, 3.0 * dE + frame);
    const auto own = run_->frames(a.frame_begin, a.frame_begin + 1),
               its = back.frames(b.frame_begin, b.frame_begin + 1);
    EXPECT_NEAR(own.E1[0], its.E1[0], 0.5 * back.summary().header.E1.lsb + 5e-7 + frame);
  }
  const auto own = run_->frames(before[0].frame_begin, before[3].frame_end);
  const auto its = back.frames(0, back.summary().frames);
  ASSERT_LE(its.i1.size(), own.i1.size());
  for (std::size_t k = 0; k < before[0].frame_end - before[0].frame_begin; ++k) {
    // Six digits behind the point of the mantissa, then the counts of the new run.
    ASSERT_NEAR(own.i1[k], its.i1[k], 0.5 * back.summary().header.i1.lsb + 1e-6 * std::abs(own.i1[k]));
  }
}

/// Rows of an exported .mpt: t, E, I (mA), cycle.
std::vector<std::array<double, 4>> rows_of(const fs::path& path) {
  std::istringstream text(test::slurp(path));
  std::vector<std::array<double, 4>> rows;
  for (std::string line; std::getline(text, line);) {
    std::array<double, 4> row{};
    std::istringstream cells(line);
    if (cells >> row[0] >> row[1] >> row[2] >> row[3]) rows.push_back(row);
  }
  return rows;
}

TEST(MptRows, AreMeansOverAMillivoltThatKeepTheCharge) {
  const ScratchDirectory dir;
  test::ForeignSample sample = test::foreign_sample(1, 0.05);
  const ImportOptions options{.stated = {{"pipette_diameter", 2e-6, 0.0, "m", "a test"}}, .reference_offset = 3.0};
  write_foreign(parse_schema_v2(to_csv(sample), to_sidecar(sample), Polarity::wec_spm, "scan.csv"), dir / "run.h5",
                options);
  const RunReader run(dir / "run.h5");
  std::vector<std::string> said;
  const ExportOptions thin{.point = 0, .say = [&](const std::string& text) { said.push_back(text); }};
  export_run(run, ExportFormat::mpt, dir / "thin.mpt", thin);
  export_run(run, ExportFormat::mpt, dir / "all.mpt", {.point = 0, .every_frame = true});
  const auto rows = rows_of(dir / "thin.mpt"), frames = rows_of(dir / "all.mpt");
  const double interval = run.summary().header.frame_interval;
  const auto per_row = static_cast<std::size_t>(1e-3 / (0.05 * interval));
  ASSERT_GT(per_row, 10U);
  EXPECT_THAT(said[0], HasSubstr("every row is the mean of " + std::to_string(per_row) + " frames"));
  EXPECT_THAT(said[1], HasSubstr("1970-01-01 stands for it"));
  EXPECT_THAT(test::slurp(dir / "thin.mpt"), HasSubstr("Comments : " + said[0].substr(0, said[0].find(';'))));
  // The ramps are cut one by one: only their last rows may be shorter.
  EXPECT_LE(rows.size(), frames.size() / per_row + 4);
  EXPECT_LT(fs::file_size(dir / "thin.mpt"), fs::file_size(dir / "all.mpt") / 10);
  std::size_t at = 0, row = 0;
  for (const Leg& leg : run.summary().points[0].legs) {
    if (leg.kind != LegKind::ramp) continue;
    const std::size_t n = leg.frame_end - leg.frame_begin;
    double charge = 0.0, of_frames = 0.0;
    for (std::size_t k = 0; k < n; ++k) of_frames += frames.at(at + k)[2];
    for (std::size_t left = n; left > 0; ++row) {
      const std::size_t held = std::min(left, per_row);
      charge += static_cast<double>(held) * rows.at(row)[2];
      left -= held;
      EXPECT_EQ(rows[row][3], leg.cycle);
    }
    EXPECT_NEAR(charge, of_frames, 1e-6 * std::abs(of_frames) + 1e-18);  // six digits behind the point of the mantissa
    at += n;
  }
  EXPECT_EQ(at, frames.size());
}

TEST_F(ArrayRun, MptSaysWhenWhereAndOnWhatArea) {
  write(ExportFormat::mpt, "one.mpt", {.point = 1, .software = "test", .started = "2026-03-14 09:30:05"});
  const std::string text = test::slurp(dir_ / "one.mpt");
  EXPECT_THAT(text, HasSubstr("Acquisition started on : 03/14/2026 09:30:05\r\n"));
  EXPECT_THAT(text, HasSubstr("Pipette diameter : 2 um\r\n"));
  EXPECT_THAT(text, HasSubstr("Electrode surface area : 3.141593e-08 cm\xB2\r\n"));
  EXPECT_THAT(text, HasSubstr("E vs Li/Li+ = Ewe + 3.000000 V\r\n"));
  for (const char* started : {"yesterday", "2026-02-30 10:00:00", "2026-03-14", "2026-03-14 09:30:05 UTC"}) {
    EXPECT_THAT(error_of([&] { write(ExportFormat::mpt, "x.mpt", {.point = 1, .started = started}); }),
                HasSubstr("accepted is a date and a time"));
  }
}

/// The readers of EC-Lab text come from the Python package index: `scripts/setup --checks` puts them into
/// build/field-readers.
class MptReaders : public ArrayRun, public ::testing::WithParamInterface<const char*> {};

TEST_P(MptReaders, OpenWhatIsExported) {
  const fs::path python = SECCM_SOURCE_DIR "/build/field-readers/bin/python";
  const std::string reader = GetParam();
  const std::string present = "'" + python.string() + "' -c 'import " + reader + "' >/dev/null 2>&1";
  if (std::system(present.c_str()) != 0)  // NOLINT(cert-env33-c)
    GTEST_SKIP() << reader << " is not installed; scripts/setup --checks does";
  write(ExportFormat::mpt, "one.mpt", {.point = 1, .started = "2026-03-14 09:30:05"});
  const Json found = read_elsewhere(reader, dir_ / "one.mpt", python.string());
  const auto rows = rows_of(dir_ / "one.mpt");
  EXPECT_EQ(found["rows"], rows.size());
  EXPECT_NEAR(found["first_E"], rows.front()[1], 1e-12);
  EXPECT_NEAR(found["last_I_mA"], rows.back()[2], 1e-6 * std::abs(rows.back()[2]));
  EXPECT_EQ(found["cycles"], Json({1.0, 2.0}));
  if (found.contains("started")) {
    EXPECT_EQ(found["started"], "2026-03-14 09:30:05");
  }
  if (found.contains("settings")) {
    EXPECT_EQ(found["settings"]["Pipette diameter"], "2 um");
    EXPECT_EQ(found["settings"]["Electrode surface area"], "3.141593e-08 cm\u00b2");
    EXPECT_NEAR(found["rate_mV_s"].get<double>(), 1e3 * run_->summary().points[1].legs.back().scan_rate, 1e-2);
  }
}

INSTANTIATE_TEST_SUITE_P(FromPyPI, MptReaders, ::testing::Values("galvani", "ixdat", "yadg"),
                         [](const auto& reader) { return std::string(reader.param); });

TEST_F(ArrayRun, BdfHoldsTheWholeRunOrOnePoint) {
  const auto files = write(ExportFormat::bdf, "run.bdf.csv");
  const Json found = read_elsewhere("csv", files.front());
  EXPECT_EQ(found["columns"], Json({"Test Time / s", "Voltage / V", "Current / A", "Cycle Count / 1"}));
  EXPECT_EQ(found["rows"], sample_.rows.size());
  EXPECT_NEAR(found["last"][0], sample_.rows.back().t, 2e-8);
  EXPECT_NEAR(found["last"][1], -sample_.rows.back().v1, 2e-5);
  EXPECT_EQ(found["max"][3], 2.0);
  const Json one = read_elsewhere("csv", write(ExportFormat::bdf, "point", {.point = 2}).front());
  EXPECT_LT(one["rows"], found["rows"]);
  EXPECT_EQ(one["min"][3], 1.0);
}

TEST_F(ArrayRun, UnitpackageStatesTheUnitOfEachColumn) {
  const auto files = write(ExportFormat::unitpackage, "package", {.software = "test"});
  ASSERT_EQ(files.size(), 2U);
  const Json found = read_elsewhere("unitpackage", files[1]);
  EXPECT_EQ(found["columns"], Json({"t", "E", "I", "x", "y", "z", "cycle", "point"}));
  EXPECT_EQ(found["units"], Json({"s", "V", "A", "m", "m", "m", "1", "1"}));
  EXPECT_EQ(found["rows"], sample_.rows.size());
  EXPECT_EQ(found["first"][7], -1.0);
  EXPECT_EQ(found["last"][7], 2.0);
  EXPECT_NEAR(found["last"][3], 1e-6 * sample_.rows.back().x_um, 1e-9);
  EXPECT_EQ(found["metadata"]["echemdb"]["electrochemical system"]["pipette diameter"]["value"], 2e-6);
}

TEST_F(ArrayRun, GsfMapsAQuantityOverTheArray) {
  write(ExportFormat::gsf, "z.gsf", {.quantity = "contact_z"});
  const Json found = read_elsewhere("gsf", dir_ / "z.gsf");
  EXPECT_THAT(found["identified"].get<std::string>(), HasSubstr("Gwyddion Simple Field"));
  EXPECT_EQ(found["xres"], 3);
  EXPECT_EQ(found["yres"], 1);
  EXPECT_NEAR(found["xreal"], 12e-6, 1e-10);
  ASSERT_EQ(found["values"].size(), 3U);
  for (std::size_t k = 0; k < 3; ++k) EXPECT_NEAR(found["values"][k], run_->summary().points[k].contact_z, 1e-11);
  write(ExportFormat::gsf, "i.gsf", {.quantity = "current_min"});
  const Json current = read_elsewhere("gsf", dir_ / "i.gsf");
  for (const auto& value : current["values"]) EXPECT_NEAR(value, -1e-11, 1e-14);
}

/// A run of 2 x 2 nodes at (10, 14) and (30, 33) um that touched at 1, 2, 3 and 4 um; each has a ramp of three frames,
/// and two frames came behind the last of them.
RunReader square_run(const fs::path& path) {
  RunHeader header;
  header.E1.lsb = 1e-3;
  header.i1.lsb = 1e-15;
  header.frame_interval = 1e-3;
  RunRecorder recorder(path, header);
  std::int64_t tick = 0;
  const auto frames = [&](std::size_t n, std::int16_t tag) {
    std::vector<PackedFrame> all(n);
    for (PackedFrame& f : all) {
      f.tick = tick += 40000;
      f.tag = tag;
    }
    recorder.append(all);
  };
  for (int k = 0; k < 4; ++k) {
    PointRecord p;
    p.index = k;
    p.kind = PointKind::grid;
    p.contact = p.complete = true;
    p.verdict = "ok";
    p.target_x = k % 2 == 0 ? 10e-6 : 14e-6;
    p.target_y = k < 2 ? 30e-6 : 33e-6;
    p.contact_z = (k + 1) * 1e-6;
    p.image_area = 2.5e-12;
    p.frame_begin = recorder.frame_count();
    const auto tag = static_cast<std::int16_t>(k + 1);
    Leg ramp{.tag = tag, .kind = LegKind::ramp, .cycle = 1, .direction = 1, .scan_rate = 0.1};
    ramp.frame_begin = recorder.frame_count();
    frames(3, tag);
    ramp.frame_end = p.frame_end = recorder.frame_count();
    p.legs = {ramp};
    recorder.add(p);
  }
  frames(2, 5);
  recorder.finalise("complete");
  return RunReader(path);
}

// Gwyddion counts rows from the top, which is the largest y here; a pixel reaches half a pitch beyond its node.
TEST(SquareRun, GsfHasTheLargestYOnTopAndReachesHalfAPitchBeyondItsNodes) {
  const ScratchDirectory dir;
  export_run(square_run(dir / "run.h5"), ExportFormat::gsf, dir / "z.gsf", {.quantity = "contact_z"});
  const std::string bytes = test::slurp(dir / "z.gsf");
  EXPECT_THAT(bytes, HasSubstr("XRes = 2\nYRes = 2\nXReal = 8e-06\nYReal = 6e-06\n"));
  EXPECT_THAT(bytes, HasSubstr("XOffset = 8e-06\nYOffset = 2.85e-05\n"));
  std::array<float, 4> values{};
  std::memcpy(values.data(), bytes.data() + bytes.size() - sizeof values, sizeof values);
  EXPECT_THAT(values, ElementsAre(3e-6F, 4e-6F, 1e-6F, 2e-6F));
}

TEST(SquareRun, MptStatesTheAreaOfTheImageInSquareCentimetres) {
  const ScratchDirectory dir;
  export_run(square_run(dir / "run.h5"), ExportFormat::mpt, dir / "one.mpt", {.point = 2});
  EXPECT_THAT(test::slurp(dir / "one.mpt"), HasSubstr("Area of the object in the optical image : 2.500000e-08 cm\xB2"));
}

// All frames, those behind the last point as well: a header and 14 lines.
TEST(SquareRun, BdfHoldsWhatCameBehindTheLastPoint) {
  const ScratchDirectory dir;
  export_run(square_run(dir / "run.h5"), ExportFormat::bdf, dir / "all.bdf.csv", {});
  const std::string text = test::slurp(dir / "all.bdf.csv");
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 15);
}

TEST_F(ArrayRun, SchemaV2ComesBackAsTheSameFramesAndRamps) {
  for (const Polarity polarity : {Polarity::wec_spm, Polarity::iupac}) {
    const auto files = write(ExportFormat::schema_v2, "again.csv", {.polarity = polarity});
    const Json found = read_elsewhere("csv", files[0]);
    EXPECT_EQ(found["rows"], sample_.rows.size());
    EXPECT_EQ(found["columns"][9], "scan_pixel");
    EXPECT_NEAR(found["last"][4], -sign_of(polarity) * sample_.rows.back().v1, 2e-5);
    write_foreign(read_foreign({files[0]}, {}), dir_ / "again.h5", {});
    const RunReader again(dir_ / "again.h5");
    const FrameBlock a = run_->frames(0, run_->summary().frames), b = again.frames(0, again.summary().frames);
    EXPECT_TRUE(a.t == b.t && a.x == b.x && a.y == b.y && a.z == b.z && a.E1 == b.E1 && a.i1 == b.i1 && a.E2 == b.E2 &&
                a.i2 == b.i2 && a.tag == b.tag);
    EXPECT_EQ(again.summary().reference_calibrations.size(), 1U);
    ASSERT_EQ(again.summary().points.size(), 3U);
    for (std::size_t k = 0; k < 3; ++k) {
      SCOPED_TRACE("point " + std::to_string(k));
      expect_same_point(again.summary().points[k], run_->summary().points[k], run_->summary().header);
    }
  }
}

TEST_F(ArrayRun, SaysWhatTheRunDoesNotHold) {
  EXPECT_THAT(error_of([&] { write(ExportFormat::mpt, "x.mpt", {.point = 7}); }),
              HasSubstr("point 7: the run holds no such point; accepted are 0 to 2"));
  EXPECT_THAT(error_of([&] { write(ExportFormat::ome_tiff, "x.tiff"); }), HasSubstr("no images"));
  EXPECT_THAT(error_of([&] { write(ExportFormat::gsf, "x.gsf"); }), HasSubstr("either --image NAME or --quantity"));
  EXPECT_THAT(error_of([&] { write(ExportFormat::gsf, "x.gsf", {.quantity = "colour"}); }),
              HasSubstr("accepted are contact_z, current_min and current_max"));
  EXPECT_THAT(error_of([&] { write(ExportFormat::gsf, "x.gsf", {.image = "final"}); }),
              HasSubstr("none: it holds no images"));
  for (const auto& entry : fs::directory_iterator(dir_.path()))
    EXPECT_EQ(entry.path().filename(), "run.h5") << "an export that failed left a file";
}

TEST(Export, ImagesGoToOmeTiffAndGsfUnchanged) {
  const ScratchDirectory dir;
  test::write_sample(dir / "run.h5", 1);
  const RunReader run(dir / "run.h5");
  export_run(run, ExportFormat::ome_tiff, dir / "images.ome.tiff", {.software = "test <1>"});
  const Json found = read_elsewhere("ome", dir / "images.ome.tiff");
  EXPECT_EQ(found["is_ome"], true);
  EXPECT_EQ(found["pages"], 2);
  EXPECT_EQ(found["names"], Json({"final", "reference"}));
  EXPECT_EQ(found["types"], Json({"uint16", "uint16"}));
  EXPECT_EQ(found["shapes"], Json({{13, 17}, {30, 40}}));
  EXPECT_NEAR(found["pixel_um"][0], 0.1, 1e-12);
  EXPECT_EQ(found["pixels"][0], Json(run.image("final")->pixels));
  EXPECT_EQ(found["pixels"][1], Json(run.image("reference")->pixels));

  export_run(run, ExportFormat::gsf, dir / "final.gsf", {.image = "final"});
  const Json map = read_elsewhere("gsf", dir / "final.gsf");
  EXPECT_EQ(map["xres"], 17);
  EXPECT_EQ(map["yres"], 13);
  EXPECT_NEAR(map["xreal"], 17e-7, 1e-15);
  EXPECT_EQ(map["values"], Json(run.image("final")->pixels));
  EXPECT_THAT(error_of([&] { export_run(run, ExportFormat::gsf, dir / "x.gsf", {.quantity = "contact_z"}); }),
              HasSubstr("accepted is the run of a grid, or --image"));
}

TEST(Export, TheRunFileOpensInOtherPrograms) {
  const ScratchDirectory dir;
  test::write_sample(dir / "run.h5", 2);
  const Json found = read_elsewhere("run", dir / "run.h5");
  EXPECT_EQ(found["schema_version"], 2);
  EXPECT_EQ(found["programs"], 2);
  EXPECT_EQ(found["waypoints"], 6);
  EXPECT_EQ(found["E2_units"], "V");
  EXPECT_EQ(found["frames"], 2 * test::frames_per_point);
}

}  // namespace
}  // namespace seccm::files
