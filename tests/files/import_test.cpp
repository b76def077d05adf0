#include "files/import/import_run.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "files/import/mpt.hpp"
#include "files/import/schema_v2.hpp"
#include "files/import/text_table.hpp"
#include "files/import/wecspm_tsv.hpp"
#include "sample_run.hpp"
#include "sim/error.hpp"
#include "tests/files/foreign_sample.hpp"

namespace seccm::files {
namespace {

using test::error_of;
using test::foreign_sample;
using test::ScratchDirectory;
using test::spill;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;

/// The points that the sample has, whatever file it came in.
void expect_sample(const RunReader& run, const test::ForeignSample& sample) {
  const RunSummary& s = run.summary();
  ASSERT_EQ(s.frames, sample.rows.size());
  ASSERT_EQ(s.points.size(), static_cast<std::size_t>(sample.hops));
  EXPECT_TRUE(s.programs.empty());
  EXPECT_FALSE(s.rig.recorded);
  EXPECT_TRUE(run.image_names().empty());
  for (const PointRecord& p : s.points) {
    EXPECT_TRUE(p.contact);
    EXPECT_TRUE(p.complete) << p.verdict;
    EXPECT_EQ(p.verdict, "ok");
    EXPECT_NEAR(p.contact_z, 1e-6 * sample.contact_z_um, 1e-9);
    EXPECT_NEAR(p.contact_x, 1e-6 * (10.0 + 4.0 * p.index), 1e-9);
    std::vector<Leg> ramps;
    std::vector<LegKind> others;
    for (const Leg& leg : p.legs) {
      if (leg.kind == LegKind::ramp)
        ramps.push_back(leg);
      else
        others.push_back(leg.kind);
    }
    ASSERT_EQ(ramps.size(), 4U);
    for (std::size_t k = 0; k < ramps.size(); ++k) {
      EXPECT_EQ(ramps[k].direction, k % 2 == 0 ? -1 : 1);
      EXPECT_EQ(ramps[k].cycle, static_cast<int>(k / 2) + 1);
      EXPECT_NEAR(ramps[k].scan_rate, sample.scan_rate, 2e-3 * sample.scan_rate);
      EXPECT_EQ(ramps[k].tag, 8 * p.index + 5 + static_cast<int>(k));
    }
    EXPECT_NEAR(ramps[0].E_end_vs_QRCE, sample.E_vertex, 2e-3);
    EXPECT_NEAR(ramps[1].E_end_vs_QRCE, sample.E_start, 2e-3);
    EXPECT_THAT(others, AllOf(Contains(LegKind::approach), Contains(LegKind::move), Contains(LegKind::jump)));
  }
  const FrameBlock frames = run.frames(0, s.frames);
  for (std::size_t k = 0; k < frames.t.size(); ++k) {
    const auto& row = sample.rows[k];
    ASSERT_NEAR(frames.t[k], row.t, 12.6e-9);
    ASSERT_NEAR(frames.z[k], 1e-6 * row.z_um, 1e-9);
    ASSERT_NEAR(frames.E1[k], -row.v1, 2e-5);  // IUPAC
    ASSERT_NEAR(frames.i1[k], -1e-9 * row.i1_nA, 1e-15);
    ASSERT_EQ(frames.tag[k], row.line);
  }
}

TEST(Import, ReadsSchemaV2IntoPointsAndRamps) {
  const ScratchDirectory dir;
  const auto sample = foreign_sample(3);
  spill(dir / "scan.csv", to_csv(sample));
  spill(dir / "scan.json", to_sidecar(sample));
  ImportOptions options{.polarity = Polarity::wec_spm, .reference_offset = 3.05, .software = "test"};
  options.stated.push_back({"pipette_diameter", 1e-6, 5e-8, "m", "SEM"});
  const ImportReport report = write_foreign(read_foreign({dir / "scan.csv"}, options), dir / "run.h5", options);
  EXPECT_EQ(report.points, 3U);
  EXPECT_EQ(report.ramps, 12U);
  EXPECT_THAT(report.notes, Contains(HasSubstr("potentials and currents are negated; as the user says")));
  EXPECT_THAT(report.notes, Contains(HasSubstr("missing in the source: programs")));
  const RunReader run(dir / "run.h5");
  expect_sample(run, sample);
  EXPECT_EQ(run.summary().status, "complete");
  EXPECT_EQ(run.summary().points[2].kind, PointKind::grid);
  EXPECT_NEAR(run.summary().points[2].target_x, 18e-6, 1e-12);
  ASSERT_EQ(run.summary().reference_calibrations.size(), 1U);
  EXPECT_EQ(run.summary().reference_calibrations[0].offset_vs_Li, 3.05);
  EXPECT_EQ(run.summary().header.pipette_diameter, 1e-6);
  ASSERT_EQ(run.summary().stated.size(), 1U);
  EXPECT_EQ(run.summary().stated[0].origin, "SEM");
  EXPECT_EQ(run.summary().stated[0].standard_error, 5e-8);
  EXPECT_NEAR(run.frames(0, 1).E2[0], -0.25, 1e-9);
  EXPECT_NEAR(run.frames(0, 1).i2[0], -0.5e-9, 1e-15);
}

TEST(Import, ReadsBothFormsOfWecSpmTsvAlike) {
  const ScratchDirectory dir;
  const auto sample = foreign_sample(2);
  for (const bool rows : {true, false}) {
    spill(dir / "scan.tsv", to_tsv(sample, rows));
    spill(dir / "scan.set", "# settings\nWaypoints per hop\t8\nNo. Cycles = 2\n");
    const ImportOptions options{.polarity = Polarity::wec_spm};
    write_foreign(read_foreign({dir / "scan.tsv"}, options), dir / "run.h5", options);
    const RunReader run(dir / "run.h5");
    expect_sample(run, sample);
    EXPECT_EQ(run.summary().points[1].kind, PointKind::target);
  }
}

TEST(Import, KeepsTheSignsOfAnIupacSource) {
  const auto sample = foreign_sample(1);
  const ForeignRecording f = parse_schema_v2(to_csv(sample), to_sidecar(sample), Polarity::iupac, "scan.csv");
  EXPECT_EQ(f.E1.back(), sample.rows.back().v1);
  EXPECT_EQ(f.i1.back(), 1e-9 * sample.rows.back().i1_nA);
}

TEST(Import, ReadsAnMptByTheNamesOfItsColumns) {
  const std::string header = "EC-Lab ASCII FILE\r\nNb header lines : 5 \r\n\r\nCyclic Voltammetry\r\n";
  const ForeignRecording f =
      parse_mpt(header + "mode\ttime/s\tEwe/V\t<I>/mA\r\n2\t1.5\t3.0\t-1e-6\r\n2\t2.5\t2.9\t-2e-6\r\n\r\n",
                Polarity::iupac, "a.mpt");
  EXPECT_THAT(f.t, ::testing::ElementsAre(0.0, 1.0));
  EXPECT_THAT(f.E1, ::testing::ElementsAre(3.0, 2.9));
  EXPECT_THAT(f.i1, ::testing::ElementsAre(-1e-9, -2e-9));
  EXPECT_THAT(f.notes, Contains("polarity iupac: signs are kept as they stand; as the user says"));
  // Latin-1 micro, decimal comma, the other sign, the other line end.
  const ForeignRecording g = parse_mpt(
      "BT-Lab ASCII FILE\nNb header lines : 3\nEwe/mV\tI/\xB5"
      "A\ttime/s\n100,5\t-0,25\t0,0\n",
      Polarity::wec_spm, "a.mpt");
  EXPECT_DOUBLE_EQ(g.E1.at(0), -0.1005);
  EXPECT_DOUBLE_EQ(g.i1.at(0), 0.25e-6);
}

TEST(Import, SaysWhatAnMptLacks) {
  const auto refusal = [](const std::string& text) {
    return error_of([&] { (void)parse_mpt(text, Polarity::iupac, "a.mpt"); });
  };
  const std::string head = "EC-Lab ASCII FILE\nNb header lines : 3\n";
  EXPECT_THAT(refusal(""), HasSubstr("a.mpt: line 1 is ''; accepted is 'EC-Lab ASCII FILE'"));
  EXPECT_THAT(refusal("EC-Lab ASCII FILE\ntime/s\n"), HasSubstr("a.mpt: line 2 is 'time/s'; accepted is 'Nb header"));
  EXPECT_THAT(refusal("EC-Lab ASCII FILE\nNb header lines : 2\n"), HasSubstr("'2'; accepted is a whole number, 3 to"));
  EXPECT_THAT(refusal("EC-Lab ASCII FILE\nNb header lines : 9\n\n"), HasSubstr("ends at line 3; accepted is a file"));
  EXPECT_THAT(refusal(head + "time/s\tEwe/V\n0\t0\n"), HasSubstr("line 3 names no column <I>/mA"));
  EXPECT_THAT(refusal(head + "time/h\tEwe/V\t<I>/mA\n0\t0\t0\n"), HasSubstr("names no column time/s"));
  EXPECT_THAT(refusal(head + "time/s\tEwe/V\t<I>/mA\n0\t0\n"),
              HasSubstr("a.mpt: line 4, column 3 (<I>/mA): it is missing"));
  EXPECT_THAT(refusal(head + "freq/Hz\ttime/s\tEwe/V\t<I>/mA\n1\t0\t0\t0\n"),
              HasSubstr("holds no voltammogram (it has a column freq/Hz: an impedance spectrum)"));
  EXPECT_THAT(refusal(head + "mode\ttime/s\tEwe/V\t<I>/mA\n1\t0\t0\t0\n3\t1\t0\t0\n"),
              HasSubstr("holds no voltammogram (no row has mode 2"));
  EXPECT_THAT(refusal("EC-Lab ASCII FILE\nNb header lines : 5\n\nGalvanostatic Cycling with Potential Limitation\n"
                      "time/s\tEwe/V\t<I>/mA\n0\t0\t0\n"),
              HasSubstr("holds no voltammogram (its technique is 'Galvanostatic"));
  EXPECT_THAT(refusal(head + "time/s\tEwe/V\t<I>/mA\n0\tx\t0\n"),
              HasSubstr("a.mpt: line 4, column 2 (Ewe/V): 'x' is no finite number"));
  EXPECT_THAT(refusal(head + "time/s\tEwe/V\t<I>/mA\n0\t1.234,5\t0\n"), HasSubstr("'1.234,5' is no finite number"));
  EXPECT_THAT(refusal(head + "time/s\tEwe/V\t<I>/mA\n1\t0\t0\n0\t0\t0\n"), HasSubstr("time that increases"));
  EXPECT_THAT(refusal(head + "time/s\tEwe/V\t<I>/mA\n"), HasSubstr("no samples"));
}

TEST(Import, TakesIntervalsForTimesOnlyWhenTheyDoNotIncrease) {
  const ForeignRecording f =
      parse_wecspm("V1\tCurrent1\tdt (s)\n0\t0\t0.001\n0\t0\t0.001\n0\t0\t0.002\n", {}, Polarity::iupac, "a.tsv");
  EXPECT_THAT(f.t, ::testing::ElementsAre(0.0, 0.001, 0.003));
  EXPECT_THAT(f.notes, Contains(HasSubstr("interval")));
  const ForeignRecording g =
      parse_wecspm("V1\tCurrent1\tdt (s)\n0\t0\t5\n0\t0\t5.5\n0\t0\t7\n", {}, Polarity::iupac, "a.tsv");
  EXPECT_THAT(g.t, ::testing::ElementsAre(0.0, 0.5, 2.0));
}

TEST(Import, FindsTheIntervalInTheSettingsWhereThereIsNoTime) {
  const Settings set = parse_set("Sample time (us)\t4\nSamples per data point\t256\n", "a.set");
  const ForeignRecording f = parse_wecspm("V1\tCurrent1 (pA)\n0\t1\n0\t2\n", set, Polarity::iupac, "a.tsv");
  EXPECT_DOUBLE_EQ(f.t[1], 1.028e-3);
  EXPECT_DOUBLE_EQ(f.i1[1], 2e-12);
  EXPECT_THAT(error_of([] { (void)parse_wecspm("V1\tCurrent1\n0\t1\n", {}, Polarity::iupac, "a.tsv"); }),
              AllOf(HasSubstr("a.tsv"), HasSubstr("no channel dt (s)")));
}

TEST(Import, TurnsAZAxisThatGrowsTowardsTheSample) {
  auto sample = foreign_sample(2);
  for (auto& row : sample.rows) row.z_um = 100.0 - row.z_um;
  const ScratchDirectory dir;
  const ImportOptions options{.polarity = Polarity::wec_spm};
  const auto report = write_foreign(parse_schema_v2(to_csv(sample), to_sidecar(sample), options.polarity, "scan.csv"),
                                    dir / "run.h5", options);
  EXPECT_THAT(report.notes, Contains(HasSubstr("z grows towards the sample")));
  const RunReader run(dir / "run.h5");
  EXPECT_NEAR(run.summary().points[0].contact_z, -80e-6, 1e-9);
}

TEST(Import, LeavesTheOrientationMarkerOutAndSetupWithoutPoint) {
  auto sample = foreign_sample(2);
  for (auto& row : sample.rows)
    if (row.pixel == 1) row.pixel = -2;
  const ScratchDirectory dir;
  const auto report = write_foreign(parse_schema_v2(to_csv(sample), to_sidecar(sample), Polarity::wec_spm, "scan.csv"),
                                    dir / "run.h5", {});
  EXPECT_EQ(report.points, 1U);
  EXPECT_LT(report.frames, sample.rows.size());
  EXPECT_THAT(report.notes, Contains(HasSubstr("orientation marker")));
}

TEST(Import, SaysLineColumnValueAndWhatIsAcceptedOfADamagedCell) {
  const auto sample = foreign_sample(1);
  const std::string good = to_csv(sample), json = to_sidecar(sample);
  const auto refusal = [&](const std::string& csv) {
    return error_of([&] { (void)parse_schema_v2(csv, json, Polarity::wec_spm, "scan.csv"); });
  };
  EXPECT_EQ(refusal(good), "");
  std::string damaged = good;
  damaged.replace(damaged.find("0.25"), 4, "0,25");
  EXPECT_THAT(refusal(damaged), HasSubstr("scan.csv: line 2: 11 cells; accepted are 10"));
  damaged = good;
  damaged.replace(damaged.find("0.25"), 4, "x.25");
  EXPECT_THAT(refusal(damaged), AllOf(HasSubstr("scan.csv: line 2, column 6 (voltage2_v)"),
                                      HasSubstr("no finite number"), HasSubstr("accepted is a decimal number")));
  damaged = good;
  damaged.replace(damaged.find("voltage1_v"), 10, "voltage1_V");
  EXPECT_THAT(refusal(damaged), HasSubstr("line 1, column 5: 'voltage1_V'; accepted is voltage1_v"));
  damaged = good;
  damaged.replace(damaged.find("0.2500000"), 9, "9e99");
  EXPECT_THAT(refusal(damaged), HasSubstr("V2 of sample 1 is -9e+99"));
  EXPECT_THAT(refusal(""), HasSubstr("empty"));
  EXPECT_THAT(refusal(good.substr(0, good.find('\n') + 1)), HasSubstr("no samples"));
  damaged = good + good.substr(good.find('\n') + 1);
  EXPECT_THAT(refusal(damaged), HasSubstr("time that increases"));
}

TEST(Import, RefusesASidecarOfAnotherSchema) {
  const auto sample = foreign_sample(1);
  const auto refusal = [&](const std::string& json) {
    return error_of([&] { (void)parse_schema_v2(to_csv(sample), json, Polarity::iupac, "scan.csv"); });
  };
  EXPECT_THAT(refusal("{"), HasSubstr("scan.json: it is no JSON object"));
  EXPECT_THAT(refusal("{}"), HasSubstr("recording_schema_version is missing"));
  EXPECT_THAT(refusal(R"({"recording_schema_version": 3})"), HasSubstr("is 3; accepted is 2"));
  EXPECT_THAT(refusal(to_sidecar(sample, "discarded")), HasSubstr("discarded"));
  EXPECT_THAT(refusal(std::string(100000, '[')), HasSubstr("nested more than 200 deep"));
  std::string other = to_sidecar(sample);
  other.replace(other.find("\"um\""), 4, "\"nm\"");
  EXPECT_THAT(refusal(other), HasSubstr("coordinate_unit is 'nm'"));
}

TEST(Import, RefusesChannelsThatAreNotNamed) {
  const auto refusal = [](const std::string& tsv) {
    return error_of([&] { (void)parse_wecspm(tsv, {}, Polarity::iupac, "a.tsv"); });
  };
  EXPECT_THAT(refusal("ai0\tCurrent1\n0\t1\n"), HasSubstr("a.tsv: line 1, column 1: 'ai0' is no known channel"));
  EXPECT_THAT(refusal("V1 (A)\tCurrent1\n0\t1\n"), HasSubstr("the unit 'A' does not fit"));
  EXPECT_THAT(refusal("V1\tV1\n0\t1\n"), HasSubstr("comes twice"));
  EXPECT_THAT(refusal("V1\t0\t1\nCurrent1\t0\nX\t1\t2\n"), HasSubstr("no channel dt"));
  EXPECT_THAT(refusal("V1\t0\t1\nCurrent1\t0\ndt (s)\t1\t2\n"), HasSubstr("Current1 has 1 samples and the time 2"));
  EXPECT_THAT(refusal("V1\t0\tx\n"), HasSubstr("a.tsv: line 1, column 3 (V1): 'x' is no finite number"));
  EXPECT_THAT(refusal("X\tdt (s)\n1\t2\n"), HasSubstr("no samples of V1"));
  EXPECT_THAT(refusal(""), HasSubstr("no known channel"));
}

TEST(Import, RefusesSettingsThatContradictEachOther) {
  const Settings twice = parse_set("a\t1\nA = 2\nb = 3\n", "a.set");
  EXPECT_THAT(error_of([&] { (void)setting(twice, {"a"}, 0, 10, "a.set"); }),
              HasSubstr("a.set: line 2: 'a' comes twice, as '1' and as '2'; accepted is one value"));
  EXPECT_EQ(setting(twice, {"b"}, 0, 10, "a.set"), 3.0);
  const Settings set = parse_set("Waypoints per hop = 0\n", "a.set");
  EXPECT_THAT(error_of([&] { (void)setting(set, {"waypointsperhop"}, 1, 10, "a.set"); }), HasSubstr("1 to 10"));
}

TEST(Import, SaysWhichHalfIsMissing) {
  const ScratchDirectory dir;
  spill(dir / "scan.csv", "elapsed_s,x_um,y_um\n");
  spill(dir / "scan.tdms", std::string("TDSm\0\0", 6));
  spill(dir / "alone.json", "{}");
  const auto refusal = [&](const char* name) { return error_of([&] { (void)read_foreign({dir / name}, {}); }); };
  EXPECT_THAT(refusal("scan.csv"), HasSubstr("missing is the .json"));
  EXPECT_THAT(refusal("alone.json"), HasSubstr("missing is the .csv"));
  EXPECT_THAT(refusal("scan.tdms"), HasSubstr("is no text file; accepted are .mpt"));
  EXPECT_THAT(refusal("absent.tsv"), HasSubstr("no such regular file"));
}

}  // namespace
}  // namespace seccm::files
