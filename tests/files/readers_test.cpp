// The readers of text of other programs, each on the forms that it meets.
// Longer than 500 lines: one short case for each form of text.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <zlib.h>
#include <array>

#include <cmath>

#include "files/import/absolute_time.hpp"
#include "files/import/column_names.hpp"
#include "files/import/foreign_text.hpp"
#include "files/import/gamry.hpp"
#include "files/import/import_run.hpp"
#include "files/import/mpt.hpp"
#include "files/import/schema_v2.hpp"
#include "files/import/wecspm_tsv.hpp"
#include "sample_run.hpp"
#include "tests/files/foreign_sample.hpp"
#include "tests/files/recordings.hpp"

namespace seccm::files {
namespace {

using test::cv_samples;
using test::error_of;
using test::ScratchDirectory;
using test::spill;
using test::to_mpt;
using test::to_table;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;

PlainTableOptions iupac() {
  PlainTableOptions out;
  out.polarity = Polarity::iupac;
  return out;
}

/// The recording holds these samples, whatever text it came from.
void expect_samples(const ForeignRecording& f, const std::vector<test::CvSample>& samples, double within_t = 1e-6) {
  ASSERT_EQ(f.t.size(), samples.size());
  for (std::size_t k = 0; k < samples.size(); ++k) {
    ASSERT_NEAR(f.t[k], samples[k].t - samples[0].t, within_t) << k;
    ASSERT_NEAR(f.E1[k], samples[k].E, 1e-8) << k;
    ASSERT_NEAR(f.i1[k], samples[k].i, 1e-19) << k;
  }
}

TEST(MptReader, KnowsTheColumnsOfBothProducts) {
  const auto samples = cv_samples({});
  for (const char* potential : {"Ewe/V", "<Ewe>/V", "<Ewe/V>", "Ecell/V", "<Ecell/V>", "Ewe-Ece/V", "Ewe/V vs. SCE"})
    for (const char* current : {"<I>/mA", "I/mA", "<I/mA>"})
      for (const std::size_t extra : {std::size_t{0}, std::size_t{100}}) {
        SCOPED_TRACE(testing::Message() << potential << " " << current << " " << extra);
        expect_samples(parse_mpt(to_mpt(samples, potential, current, extra), {}, "a.mpt"), samples);
      }
}

TEST(MptReader, PrefersTheWorkingElectrode) {
  const ForeignRecording f = parse_mpt(
      "BT-Lab ASCII FILE\nNb header lines : 3\ntime/s\tEcell/V\tEwe/V\tI/mA\n0\t1\t2\t3\n1\t1\t2\t3\n", {}, "a.mpt");
  EXPECT_EQ(f.E1[0], 2.0);
}

TEST(MptReader, ReadsDatesForTimes) {
  const std::string head = "EC-Lab ASCII FILE\nNb header lines : 3\ntime/s\tEwe/V\t<I>/mA\n";
  for (const char* format : {"{}11/30/2023 23:59:59.5\t1\t0\n12/01/2023 00:00:00.25\t1,5\t0\n",
                             "{}30.11.2023 23:59:59,5\t1\t0\n01.12.2023 00:00:00,25\t1,5\t0\n",
                             "{}2023-11-30 23:59:59.5\t1\t0\n2023-12-01 00:00:00.25\t1.5\t0\n",
                             "{}08/12/2023 23:59:59.5\t1\t0\n08/13/2023 00:00:00.25\t1.5\t0\n",
                             "{}04/03/2023 23:59:59.5\t1\t0\n04/04/2023 00:00:00.25\t1.5\t0\n",
                             "{}03/04/2023 23:59:59.5\t1\t0\n04/04/2023 00:00:00.25\t1.5\t0\n"}) {
    std::string text = format;
    text.replace(0, 2, head);
    const ForeignRecording f = parse_mpt(text, {}, "a.mpt");
    ASSERT_EQ(f.t.size(), 2U);
    EXPECT_NEAR(f.t[1], 0.75, 1e-6) << format;
    EXPECT_EQ(f.E1[1], 1.5);
  }
  EXPECT_THAT(
      error_of([&] { (void)parse_mpt(head + "11/30/2023 10:00:00\t1\t0\nyesterday\t1\t0\n1\t1\t1\n", {}, "a"); }),
      HasSubstr("a: line 5, column 1 (time/s): it is no date"));
}

// A row that is damaged as instruments damage rows is lost alone, and that is said.
TEST(MptReader, LosesARowNotTheRecording) {
  const std::string head = "EC-Lab ASCII FILE\nNb header lines : 3\ntime/s\tEwe/V\t<I>/mA\n0\t1.000\t1.0\n";
  const auto read = [&](const std::string& rows) { return parse_mpt(head + rows, {}, "a.mpt"); };
  const ForeignRecording repeated = read("0\t1.000\t1.0\n1\t1.000\t2.0\n");
  EXPECT_EQ(repeated.t.size(), 2U);
  EXPECT_THAT(repeated.notes, Contains("1 row lost (the time of the row before again), first in line 5"));
  const ForeignRecording nan = read("1\tnan\t1.0\n2\t1.000\t1.0\n3\t1.000\t\n");
  EXPECT_EQ(nan.t.size(), 2U);
  EXPECT_THAT(nan.notes, Contains("2 rows lost (a cell holds no number), first in line 5"));
  for (const char* cut : {"1\t1.000\t1.0\n2\t1.0", "1\t1.000\t1.0\n2\t1.000\t", "1\t1.000\t1.0\n2\t1.000\t1."}) {
    const ForeignRecording f = read(cut);
    EXPECT_EQ(f.t.size(), 2U) << cut;
    EXPECT_THAT(f.notes, Contains(HasSubstr("1 row lost")));
  }
  EXPECT_EQ(read("1\t1.000\t1.0").t.size(), 2U);  // whole, only without a line end
}

TEST(SchemaV2Reader, BelievesThePolarityThatTheHostStates) {
  const auto sample = test::foreign_sample(1);
  const auto with = [&](const std::string& settings) {
    std::string json = test::to_sidecar(sample);
    const std::string own = R"("settings": {"anything": [1, 2, {}]},)";
    return json.replace(json.find(own), own.size(), settings);
  };
  const auto read = [&](const std::string& json, std::optional<Polarity> said = {}) {
    return parse_schema_v2(to_csv(sample), json, said, "scan.csv");
  };
  const double v1 = sample.rows.back().v1;
  EXPECT_EQ(read(with(R"("settings": {"polarity_convention": "IUPAC"},)")).E1.back(), v1);
  EXPECT_EQ(read(with(R"("settings": {"polarity_convention": "Instrument-native"},)")).E1.back(), -v1);
  const auto against = read(with(R"("settings": {"polarity_convention": "IUPAC"},)"), Polarity::wec_spm);
  EXPECT_EQ(against.E1.back(), -v1);
  EXPECT_THAT(against.notes, Contains(AllOf(HasSubstr("as the user says"), HasSubstr("against the source"))));
  EXPECT_THAT(error_of([&] { (void)read(with("")); }),
              AllOf(HasSubstr("scan.json: nothing in the file says"), HasSubstr("--polarity iupac")));
  EXPECT_THAT(error_of([&] { (void)read(with(R"("settings": {"polarity_convention": "American"},)")); }),
              HasSubstr("settings.polarity_convention is 'American'; accepted is 'IUPAC' or 'Instrument-native'"));
}

TEST(SchemaV2Reader, NanInTheSidecarLosesItsPlace) {
  const auto sample = test::foreign_sample(2);
  std::string json = test::to_sidecar(sample);
  const std::size_t at = json.find("\"x_um\": ") + 8;
  json.replace(at, json.find(',', at) - at, "NaN");
  json.insert(json.find('{') + 1, R"("note": "a NaN in text \" NaN", "start": -Infinity,)");
  const ForeignRecording f = parse_schema_v2(to_csv(sample), json, Polarity::wec_spm, "scan.csv");
  EXPECT_EQ(f.pixels.size(), 1U);
  EXPECT_EQ(f.t.size(), sample.rows.size());
  EXPECT_THAT(f.notes, Contains(HasSubstr("1 of scan_grid.pixels lost")));
}

TEST(SchemaV2Reader, TakesRatesFromTheSeries) {
  const std::string header =
      "elapsed_s,x_um,y_um,z_um,voltage1_v,voltage2_v,current1_na,current2_na,line_number,cv_rate_index\n";
  const std::string json = R"({"recording_schema_version": 2, "settings": {"polarity_convention": "IUPAC"},
    "parameters": {"scan_rates_v_s": [0.05, 0.1]}, "csv_columns": ["elapsed_s","x_um","y_um","z_um","voltage1_v",
    "voltage2_v","current1_na","current2_na","line_number","cv_rate_index"]})";
  const ForeignRecording f = parse_schema_v2(
      header + "0,0,0,0,1,0,0,0,1,-1\n1,0,0,0,1,0,nan,0,1,0\n2,0,0,0,1,0,0,0,1,0\n3,0,0,0", json, {}, "a.csv");
  EXPECT_THAT(f.stated_rates, testing::ElementsAre(0.05, 0.1));
  EXPECT_THAT(f.section, testing::ElementsAre(-1, 0));
  EXPECT_THAT(f.notes, Contains(HasSubstr("(a cell holds no number), first in line 3")));
  EXPECT_THAT(f.notes, Contains(HasSubstr("(the file ends in it), first in line 5")));
}

TEST(WecSpmReader, TakesCommasLatin1AndASampleRate) {
  const Settings set =
      parse_set("Sample Rate (Hz) = 250000\nSamples per data point = 256\nName\ta\nName\tb\n", "a.set");
  const ForeignRecording f =
      parse_wecspm(as_utf8("Z (\xB5m)\tV1\tCurrent1 (pA)\n1,5\t0,25\t-2,5\n1,5\t0,26\t-2,6\n1,5\tNaN\t-2,6\n1,5\t0,2",
                           1000, "a.tsv"),
                   set, Polarity::cathodic_positive, "a.tsv");
  ASSERT_EQ(f.t.size(), 2U);
  EXPECT_DOUBLE_EQ(f.t[1], 1.028e-3);
  EXPECT_DOUBLE_EQ(f.z[0], 1.5e-6);
  EXPECT_EQ(f.E1[0], 0.25);
  EXPECT_DOUBLE_EQ(f.i1[0], 2.5e-12);
  const ForeignRecording rows = parse_wecspm(
      "V1\t0,1\t0,2\tnan\t0,4\ndt (s)\t0\t1\t2\t3\nCurrent1\t1e-12\t2e-12\t3e-12\t4e-", {}, Polarity::iupac, "a.tsv");
  EXPECT_THAT(rows.E1, testing::ElementsAre(0.1, 0.2));
  EXPECT_THAT(rows.notes, Contains(HasSubstr("the file is cut: 1 samples lost")));
  EXPECT_THAT(error_of([] { (void)parse_wecspm("V1\tCurrent1\n0\t1\n", {}, {}, "a.tsv"); }),
              HasSubstr("a.tsv: nothing in the file says"));
}

TEST(PlainTable, ReadsColumnsByTheirLabels) {
  const auto samples = cv_samples({});
  struct Form {
    const char* labels;
    char separator;
    double per_ampere;
    bool comma;
  };
  for (const Form& form : {Form{"time_s,potential_V,current_A", ',', 1.0, false},
                           {"t / s,E / V,I / nA", ',', 1e9, false},
                           {"Time (s)\tVoltage (V)\tCurrent (pA)", '\t', 1e12, false},
                           {"Zeit;t/s;E/V vs. Ag/AgCl;I/\xC2\xB5"
                            "A",
                            ';', 1e6, true},
                           {"Time (s);WE(1).Potential (V);WE(1).Current (A)", ';', 1.0, true},
                           {"# comment\n\ns V pA", ' ', 1e12, false},
                           {"Test Time / s,Voltage / V,Current / mA", ',', 1e3, false}}) {
    SCOPED_TRACE(form.labels);
    std::string text = to_table(samples, form.labels, form.separator, form.per_ampere, form.comma);
    if (std::string(form.labels).starts_with("Zeit")) {
      // a column of words' own: not taken
      std::string with =
          "Zeit;t/s;E/V vs. Ag/AgCl;I/\xC2\xB5"
          "A\n";
      for (std::size_t at = text.find('\n') + 1; at < text.size(); at = text.find('\n', at) + 1)
        with += "7;" + text.substr(at, text.find('\n', at) + 1 - at);
      text = with;
    }
    const ForeignRecording f = parse_plain_table(text, iupac(), "a.csv");
    expect_samples(f, samples);
    EXPECT_THAT(f.notes, Contains(HasSubstr("columns, from their labels: time = ")));
  }
}

TEST(PlainTable, TakesTheUnitOfAColumnThatTheUserNamesFromItsLabel) {
  const auto samples = cv_samples({});
  PlainTableOptions options = iupac();
  for (const auto& [time, potential, current] : std::vector<std::array<std::string, 3>>{
           {"Zeit/s", "Spannung/V", "Strom/nA"}, {"Temps (s)", "Tension (V)", "Courant [nA]"}, {"s", "V", "nA"}}) {
    options.columns = {{ColumnKind::time, time}, {ColumnKind::potential, potential}, {ColumnKind::current, current}};
    const std::string heading = time + "," + potential + "," + current;
    expect_samples(parse_plain_table(to_table(samples, heading, ',', 1e9), options, "a.csv"), samples);
  }
  options.columns[ColumnKind::current] = "V";
  EXPECT_THAT(error_of([&] { (void)parse_plain_table(to_table(samples, "s,V,nA"), options, "a.csv"); }),
              HasSubstr("the column 'V' states no unit of current"));
}

TEST(PlainTable, ObeysTheUser) {
  const auto samples = cv_samples({});
  const std::string text = to_table(samples, "a,b,c", ',', 1e9);
  PlainTableOptions options = iupac();
  EXPECT_THAT(error_of([&] { (void)parse_plain_table(text, options, "a.csv"); }),
              AllOf(HasSubstr("no column is a potential"), HasSubstr("'a', 'b', 'c'"), HasSubstr("--columns")));
  options.columns = {{ColumnKind::time, "a [s]"}, {ColumnKind::potential, "2 [V]"}, {ColumnKind::current, "c [nA]"}};
  expect_samples(parse_plain_table(text, options, "a.csv"), samples);
  options.columns[ColumnKind::current] = "c";
  EXPECT_THAT(error_of([&] { (void)parse_plain_table(text, options, "a.csv"); }),
              HasSubstr("the column 'c' states no unit of current"));
  options.columns[ColumnKind::current] = "c [V]";
  EXPECT_THAT(error_of([&] { (void)parse_plain_table(text, options, "a.csv"); }),
              HasSubstr("'V' is no unit of current"));
  options.columns[ColumnKind::current] = "d [A]";
  EXPECT_THAT(error_of([&] { (void)parse_plain_table(text, options, "a.csv"); }),
              HasSubstr("there is no column 'd [A]'"));
  EXPECT_THAT(error_of([&] { (void)parse_plain_table(to_table(samples, "t,E,I"), iupac(), "a.csv"); }),
              HasSubstr("states no unit"));
  EXPECT_THAT(error_of([&] { (void)parse_plain_table(to_table(samples, "s,V,A"), {}, "a.csv"); }),
              HasSubstr("nothing in the file says"));
}

TEST(PlainTable, MakesTimeOfAScanRate) {
  const auto samples = cv_samples({});
  PlainTableOptions options = iupac();
  const std::string text = to_table(samples, "Voltage (V)\tCurrent (pA)", '\t', 1e12, false, false);
  EXPECT_THAT(error_of([&] { (void)parse_plain_table(text, options, "a.csv"); }), HasSubstr("--scan-rate"));
  options.scan_rates = {0.1};
  expect_samples(parse_plain_table(text, options, "a.csv"), samples);
}

TEST(PlainTable, PutsSeriesBehindEachOther) {
  std::string text = "time_s,potential_V,current_A,cycle,scan_rate_V_s\n";
  for (const double rate : {0.02, 0.1})
    for (const auto& s : cv_samples({.scan_rate = rate}))
      text += std::to_string(s.t) + "," + std::to_string(s.E) + ",1e-12," + std::to_string(s.cycle) + "," +
              std::to_string(rate) + "\n";
  PlainTableOptions options;
  recognise_writer(text, options, "a.csv");
  const ForeignRecording f = parse_plain_table(text, options, "a.csv");
  EXPECT_EQ(f.section.front(), 0);
  EXPECT_EQ(f.section.back(), 1);
  EXPECT_THAT(f.stated_rates, testing::ElementsAre(0.02, 0.1));
  EXPECT_TRUE(std::is_sorted(f.t.begin(), f.t.end()));
}

// 32 s and 160 s long: 16 s apart. Sample by sample the second is what it was.
TEST(PlainTable, SetsSeriesApartByATenthOfTheLonger) {
  std::string text = "time/s,E/V,I/A\n";
  for (const double rate : {0.25, 0.05})
    for (const auto& s : cv_samples({.scan_rate = rate}))
      text += std::to_string(s.t) + "," + std::to_string(s.E) + ",1e-12\n";
  const std::size_t half = cv_samples({}).size();
  const ForeignRecording f = parse_plain_table(text, iupac(), "a.csv");
  ASSERT_EQ(f.t.size(), 2 * half);
  const double first = f.t[half - 1] - f.t[0], second = f.t.back() - f.t[half];
  EXPECT_NEAR(second, 5.0 * first, 1e-3);
  EXPECT_NEAR(f.t[half] - f.t[half - 1], 0.1 * second, 1e-3);
  EXPECT_THAT(f.notes, Contains(HasSubstr("2 series, a tenth of the longer neighbour apart")));
}

TEST(PlainTable, GoesOnWhereEveryCycleHasItsOwnClock) {
  const auto samples = cv_samples({});
  std::string text = "time/s,E/V,I/A,cycle\n";
  double start = 0.0;
  int cycle = 0;
  for (const auto& s : samples) {
    if (s.cycle != cycle) start = s.t;
    cycle = s.cycle;
    text += std::to_string(s.t - start) + "," + std::to_string(s.E) + "," + std::to_string(1e12 * s.i) + "e-12," +
            std::to_string(cycle) + "\n";
  }
  const ForeignRecording f = parse_plain_table(text, iupac(), "a.csv");
  ASSERT_EQ(f.t.size(), samples.size());
  EXPECT_EQ(f.section.back(), 0);
  EXPECT_NEAR(f.t.back(), samples.back().t, 1e-3);
}

TEST(PlainTable, TakesAScanRateForEachSeries) {
  std::string text = "V,uA,V,uA\n";
  for (const auto& s : cv_samples({})) {
    const std::string pair = std::to_string(s.E) + ",1.0";
    text += pair + "," + pair + "\n";
  }
  const std::size_t half = cv_samples({}).size();
  PlainTableOptions options = iupac();
  options.scan_rates = {0.1, 0.2};
  const ForeignRecording f = parse_plain_table(text, options, "a.csv");
  const double first = f.t[half - 1] - f.t[0], second = f.t.back() - f.t[half];
  EXPECT_NEAR(first, 2.0 * second, 1e-3);
  EXPECT_THAT(f.stated_rates, testing::ElementsAre(0.1, 0.2));
  options.scan_rates = {0.1, 0.2, 0.5};
  EXPECT_THAT(error_of([&] { (void)parse_plain_table(text, options, "a.csv"); }),
              HasSubstr("3 scan rates for 2 series"));
}

TEST(PlainTable, KnowsThePotentialsOfAModel) {
  const std::string rows = "0,3,0,1,0.1,0\n1,2.9,-1e-12,1,0.1,0\n2,2.8,-2e-12,1,0.1,0\n";
  const auto recording = [&](const std::string& more) {
    const std::string text = "time_s,potential_V,current_A,cycle,scan_rate_V_s," + more + "\n" + rows;
    PlainTableOptions options;
    recognise_writer(text, options, "a.csv");
    return parse_plain_table(text, options, "a.csv");
  };
  const ForeignRecording model = recording("current_error_A"), other = recording("remark");
  EXPECT_TRUE(model.simulated);
  ASSERT_EQ(model.calibrations.size(), 1U);
  EXPECT_EQ(model.calibrations[0].offset_vs_Li, 0.0);
  EXPECT_FALSE(other.simulated);
  EXPECT_TRUE(other.calibrations.empty());
}

TEST(PlainTable, SaysThatASpectrumIsNone) {
  EXPECT_THAT(
      error_of([] { (void)parse_plain_table("Freq/Hz, Z'/ohm, E/V, I/A\n1,2,3,4\n2,3,4,5\n", iupac(), "a.txt"); }),
      HasSubstr("holds no voltammogram"));
  EXPECT_THAT(error_of([] { (void)parse_plain_table("hello\nworld\n", iupac(), "a.txt"); }),
              HasSubstr("no table of numbers"));
}

TEST(Writers, ChiText) {
  const auto samples = cv_samples({});
  const std::string head =
      "Nov. 12, 2023   11:21:09\r\nCyclic Voltammetry\r\nFile: a.bin\r\nInstrument Model:  CHI660E\r\n\r\nInit E (V) = "
      "3\r\n"
      "Scan Rate (V/s) = 0.1\r\nSegment = 4\r\n\r\nPotential/V, Current/A\r\n";
  const std::string text = to_table(samples, head, ',', -1.0, false, false);
  PlainTableOptions options;
  recognise_writer(text, options, "a.txt");
  EXPECT_EQ(options.format, "CH Instruments text");
  options.polarity = Polarity::cathodic_positive;
  expect_samples(parse_plain_table(text, options, "a.txt"), samples);
}

TEST(Writers, GamryData) {
  const auto samples = cv_samples({});
  std::string text =
      "EXPLAIN\r\nTAG\tCV\r\nTITLE\tLABEL\tCyclic Voltammetry\tTest "
      "&Identifier\r\nSCANRATE\tQUANT\t1.00000E+002\t&Scan Rate (mV/s)\r\n"
      "OCVCURVE\tTABLE\t2\r\n\tPt\tT\tVf\tVm\tAch\r\n\t#\ts\tV vs. "
      "Ref.\tV\tV\r\n\t0\t0.1\t2.9\t2.9\t0\r\n\t1\t0.2\t2.9\t2.9\t0\r\n";
  for (std::size_t half = 0; half < 2; ++half) {
    text += "CURVE" + std::to_string(half + 1) +
            "\tTABLE\t801\r\n\tPt\tT\tVf\tIm\tVu\tSig\tAch\tIERange\tOver\r\n"
            "\t#\ts\tV vs. Ref.\tA\tV\tV\tV\t#\tbits\r\n";
    for (std::size_t k = half * 801; k < std::min<std::size_t>(samples.size(), half * 801 + 801); ++k) {
      const std::string row = to_table({samples[k]}, "", '\t');
      text += "\t" + std::to_string(k) + "\t" + row.substr(1, row.size() - 2) + "\t0\t0\t0\t5\t...........\r\n";
    }
  }
  ASSERT_TRUE(is_gamry(text));
  const ForeignRecording f = parse_gamry(text, iupac(), "a.DTA");
  expect_samples(f, samples);
  EXPECT_THAT(f.stated_rates, testing::ElementsAre(0.1));
  EXPECT_THAT(error_of([] { (void)parse_gamry("EXPLAIN\nTAG\tEISPOT\nZCURVE\tTABLE\n", iupac(), "a.DTA"); }),
              HasSubstr("holds no voltammogram (technique 'EISPOT'"));
}

TEST(Writers, GamryCurvesAreOneMeasurement) {
  const auto samples = cv_samples({});
  std::string text = "EXPLAIN\nTAG\tCV\n";
  const std::size_t half = samples.size() / 2;
  for (std::size_t k = 0; k < samples.size(); ++k) {
    if (k % half == 0) text += "CURVE\tTABLE\nT\tVf\tIm\ns\tV vs. Ref.\tA\n";
    const test::CvSample& s = samples[k];
    text += std::to_string(s.t - samples[k - k % half].t) + "\t" + std::to_string(s.E) + "\t1e-12\n";
  }
  const ForeignRecording f = parse_gamry(text, iupac(), "a.DTA");
  ASSERT_EQ(f.t.size(), samples.size());
  EXPECT_EQ(f.section.back(), 0);
  EXPECT_NEAR(f.t.back(), samples.back().t, 1e-3);
}

TEST(Writers, GamryDataStateTheSignOfTheirCurrents) {
  const auto samples = cv_samples({});
  const auto file = [&](const std::string& convention, double sign) {
    return to_table(samples,
                    "EXPLAIN\r\nTAG\tCV\r\n" + convention + "CURVE1\tTABLE\t1602\r\nT\tVf\tIm\r\ns\tV vs. Ref.\tA",
                    '\t', sign);
  };
  const std::string one = file("CONVENTION\tIQUANT\t1\tCurrent Convention\r\n", 1.0),
                    zero = file("CONVENTION\tIQUANT\t0\tCurrent Convention\r\n", -1.0);
  expect_samples(parse_gamry(one, {}, "a.DTA"), samples);
  expect_samples(parse_gamry(zero, {}, "a.DTA"), samples);
  EXPECT_THAT(parse_gamry(one, {}, "a.DTA").notes, Contains(HasSubstr("CONVENTION is 1, anodic currents positive")));
  EXPECT_THAT(error_of([&] { (void)parse_gamry(file("", 1.0), {}, "a.DTA"); }), HasSubstr("--polarity iupac"));
  EXPECT_THAT(error_of([] {
                (void)parse_gamry(
                    "EXPLAIN\nTAG\tCORPOT\nCURVE\tTABLE\t2\n\tPt\tT\tVf\n\t#\ts\tV vs. Ref.\n"
                    "\t0\t0.1\t2.9\n\t1\t0.2\t2.9\n",
                    {}, "a.DTA");
              }),
              HasSubstr("holds no voltammogram (technique 'CORPOT', no current in its table CURVE)"));
}

TEST(Writers, PalmSensText) {
  const auto samples = cv_samples({});
  // two curves beside each other, in UTF-16 with its mark
  std::string text =
      "Date and time:,2023-11-05 10:00:00\nNotes:\n\nCyclic Voltammetry: CV,,CV 2,\nDate and time measurement:,"
      "2023-11-05 10:00:00,Date and time measurement:,2023-11-05 10:05:00\nV,\xC2\xB5"
      "A,V,\xC2\xB5"
      "A\n";
  for (const auto& s : samples) {
    const std::string row = to_table({s}, "", ',', 1e6, false, false);
    const std::string numbers = row.substr(1, row.size() - 2);
    text += numbers + "," + numbers + "\n";
  }
  std::string wide = "\xFF\xFE";
  for (std::size_t k = 0; k < text.size(); ++k) {
    const auto c = static_cast<unsigned char>(text[k]);
    if (c == 0xC2) continue;
    wide += static_cast<char>(c);
    wide += '\0';
  }
  const std::string utf8 = as_utf8(wide, 1U << 22, "a.csv");
  EXPECT_EQ(utf8, text);
  PlainTableOptions options = iupac();
  options.scan_rates = {0.1};
  recognise_writer(utf8, options, "a.csv");
  EXPECT_EQ(options.format, "PalmSens PSTrace text");
  const ForeignRecording f = parse_plain_table(utf8, options, "a.csv");
  ASSERT_EQ(f.t.size(), 2 * samples.size());
  EXPECT_EQ(f.section.back(), 1);
  EXPECT_NEAR(f.i1[samples.size() + 300], samples[300].i, 1e-19);
}

// As PSTrace exports two scans of one measurement, each between its potential of the cell and its measured one: the
// second goes on where the first ended, and the columns of potentials alone are none of them.
TEST(Writers, PalmSensScansBetweenOtherCurves) {
  const auto samples = cv_samples({});
  const auto titles = [](const std::string& measurement, int scan) {
    std::string out;
    for (const char* curve : {"CV Cell potential", "CV i vs E", "CV Measured WE potential"})
      out += measurement + ": " + curve + " Scan " + std::to_string(scan) + ",,";
    return out;
  };
  const auto file = [&](const std::string& first, const std::string& second) {
    std::string text = "Date and time:,2024-05-28 10:38:50\nNotes:\n,,,,,,,,,,,\n" + first + second +
                       "\nDate and time measurement:,2024-05-28 10:38:50\nV,V,V,uA,V,V,V,V,V,uA,V,V\n";
    const std::size_t half = samples.size() / 2;
    for (std::size_t k = 0; k < half; ++k) {
      for (const auto& s : {samples[k], samples[half + k]}) {
        const std::string E = std::to_string(s.E);
        text +=
            E + "," + std::to_string(0.9 * s.E) + "," + E + "," + std::to_string(1e6 * s.i) + "," + E + "," + E + ",";
      }
      text.back() = '\n';
    }
    PlainTableOptions options = iupac();
    options.scan_rates = {0.1};
    return parse_plain_table(text, options, "a.csv");
  };
  const ForeignRecording scans = file(titles("CV [1]", 1), titles("CV [1]", 2));
  ASSERT_EQ(scans.t.size(), 2 * (samples.size() / 2));
  EXPECT_EQ(scans.section.back(), 0);
  EXPECT_NEAR(scans.t.back(), samples[scans.t.size() - 1].t, 1e-3);
  const ForeignRecording others = file(titles("CV [1]", 1), titles("CV [2]", 1));
  EXPECT_EQ(others.t.size(), scans.t.size());
  EXPECT_EQ(others.section.back(), 1);
}

TEST(ColumnNames, UnitsAndNames) {
  const auto factor = [](const char* label, ColumnKind kind) {
    const auto m = meaning_of(label);
    return m && m->kind == kind ? m->factor : -1.0;
  };
  EXPECT_EQ(factor("Potential/V vs. SCE", ColumnKind::potential), 1.0);
  EXPECT_EQ(factor("scan_rate_V_s", ColumnKind::scan_rate), 1.0);
  EXPECT_EQ(factor("Scan rate (mV/s)", ColumnKind::scan_rate), 1e-3);
  EXPECT_EQ(factor("I [nA]", ColumnKind::current), 1e-9);
  EXPECT_EQ(factor("Cycle Count / 1", ColumnKind::cycle), 1.0);
  EXPECT_EQ(factor("current", ColumnKind::current), 0.0);
  EXPECT_FALSE(meaning_of("current (mA/cm2)").has_value());
  EXPECT_FALSE(meaning_of("Potential (A)").has_value());
  EXPECT_FALSE(meaning_of("current_error_A").has_value());
}

TEST(ForeignText, UnpacksGzipWithinItsLimit) {
  const ScratchDirectory dir;
  const std::string text(100000, 'a');
  const std::string path = (dir / "a.csv.gz").string();
  gzFile file = gzopen(path.c_str(), "wb");
  ASSERT_NE(file, nullptr);
  gzwrite(file, text.data(), static_cast<unsigned>(text.size()));
  gzclose(file);
  EXPECT_EQ(read_foreign_text(path), text);
  EXPECT_THAT(error_of([&] { (void)read_foreign_text(path, 5000); }), HasSubstr("unpacks to more than 5000 bytes"));
  std::string bytes;
  {
    std::ifstream in(path, std::ios::binary);
    bytes.assign(std::istreambuf_iterator<char>(in), {});
  }
  EXPECT_THAT(error_of([&] { (void)as_utf8(bytes.substr(0, bytes.size() - 9), 1U << 20, "cut.gz"); }),
              HasSubstr("cut.gz: is damaged or cut"));
  EXPECT_EQ(as_utf8("\xB5"
                    "A",
                    10, "a"),
            "\xC2\xB5"
            "A");
}

TEST(Import, JoinsFilesOfOneSeries) {
  const ScratchDirectory dir;
  std::vector<std::filesystem::path> files;
  for (const double rate : {0.02, 0.05, 0.1}) {
    files.push_back(dir / ("cv_" + std::to_string(files.size()) + ".mpt"));
    spill(files.back(), to_mpt(cv_samples({.scan_rate = rate})));
  }
  const ImportReport report = write_foreign(read_foreign(files, {}), dir / "run.h5", {});
  ASSERT_EQ(report.rates.size(), 3U);
  EXPECT_NEAR(report.rates[1].scan_rate, 0.05, 1e-5);
  EXPECT_EQ(report.points, 1U);
  for (const auto& rate : report.rates) EXPECT_EQ(rate.cycles, 2);
  EXPECT_THAT(report.notes, Contains(HasSubstr("3 files are one point")));
  // the slowest is 400 s long: 40 s lie behind it, many samples, so that no charge flows from file to file
  const ForeignRecording joined = read_foreign(files, {});
  const auto second = static_cast<std::size_t>(std::ranges::find(joined.section, 1) - joined.section.begin());
  EXPECT_NEAR(joined.t[second] - joined.t[second - 1], 0.1 * (joined.t[second - 1] - joined.t.front()), 1e-3);
  EXPECT_THAT(error_of([&] {
                (void)read_foreign(files, {.scan_rates = {0.02, 0.05}});
              }),
              HasSubstr("2 scan rates for 3 files"));
  const auto sample = test::foreign_sample(1);
  spill(dir / "scan.csv", to_csv(sample));
  spill(dir / "scan.json", to_sidecar(sample));
  files.push_back(dir / "scan.csv");
  EXPECT_THAT(error_of([&] { (void)read_foreign(files, {.polarity = Polarity::iupac}); }),
              HasSubstr("a recording with positions or several points is no part of a series"));
}

TEST(Import, SaysThatThereIsNoVoltammogram) {
  const ScratchDirectory dir;
  std::vector<test::CvSample> still;
  for (int k = 0; k < 100; ++k) still.push_back({0.1 * k, 2.0, 1e-12, 1});
  spill(dir / "a.mpt", to_mpt(still));
  const ImportReport report = write_foreign(read_foreign({dir / "a.mpt"}, {}), dir / "run.h5", {});
  EXPECT_THAT(report.notes, Contains(HasSubstr("no voltammogram in it")));
}

}  // namespace
}  // namespace seccm::files
