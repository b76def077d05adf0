// Damaged, truncated and foreign files: an InputError with the path; never a crash.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <hdf5.h>

#include "files/checksum.hpp"
#include "files/hdf5.hpp"
#include "files/results_file.hpp"
#include "files/run_file.hpp"
#include "files/run_journal.hpp"
#include "sample_run.hpp"
#include "sim/error.hpp"

namespace seccm::files {
namespace {

using test::ScratchDirectory;
using test::slurp;
using test::spill;
using testing::AllOf;
using testing::HasSubstr;

/// Everything that a run file can be asked for, as bytes.
std::string everything(const std::filesystem::path& path) {
  const RunReader run(path);
  const RunSummary& s = run.summary();
  std::string all = s.status + encode(s.header) + encode(s.registration) + encode(s.preflight);
  for (const auto& point : s.points) all += encode(point);
  for (const auto& calibration : s.reference_calibrations) all += encode(calibration);
  for (const auto& name : run.image_names()) all += encode(run.image(name).value());
  if (const auto micrograph = run.micrograph(0)) all += encode(*micrograph);
  const FrameBlock f = run.frames(0, s.frames);
  for (const auto* channel : {&f.t, &f.x, &f.y, &f.z, &f.E1, &f.i1})
    all.append(reinterpret_cast<const char*>(channel->data()), channel->size() * sizeof(double));
  all.append(reinterpret_cast<const char*>(f.tag.data()), f.tag.size() * sizeof(f.tag[0]));
  all.append(reinterpret_cast<const char*>(f.flags.data()), f.flags.size() * sizeof(f.flags[0]));
  return all;
}

std::string reading_error_of(const std::filesystem::path& path) {
  try {
    everything(path);
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

TEST(HostileFile, AnyTruncationIsAnError) {
  const ScratchDirectory dir;
  test::write_sample(dir / "run.h5", 2);
  const std::string bytes = slurp(dir / "run.h5");
  for (std::size_t cut = 0; cut < bytes.size(); cut += (cut + 300 > bytes.size() || cut < 300 ? 1 : 509)) {
    spill(dir / "cut.h5", bytes.substr(0, cut));
    ASSERT_THAT(reading_error_of(dir / "cut.h5"), AllOf(HasSubstr("cut.h5"), HasSubstr("is expected")))
        << "cut at " << cut;
  }
}

// A CRC-32 finds every single flipped bit, and the bytes of the footer are compared one by one.
TEST(HostileFile, AnyFlippedBitIsAnError) {
  const ScratchDirectory dir;
  test::write_sample(dir / "run.h5", 2);
  const std::string bytes = slurp(dir / "run.h5");
  RandomStream random(9, "flipped bits");
  for (int trial = 0; trial < 1500; ++trial) {
    // Two thirds anywhere, one third in the metadata at the front and in the footer at the end.
    std::uint64_t at = random.below(bytes.size());
    if (trial % 6 == 0) at = random.below(2000);
    if (trial % 6 == 1) at = bytes.size() - 1 - random.below(64);
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ (1 << random.below(8)));
    spill(dir / "flip.h5", damaged);
    ASSERT_THAT(reading_error_of(dir / "flip.h5"), HasSubstr("flip.h5")) << "flipped in byte " << at;
  }
}

TEST(HostileFile, SaysWhatAForeignFileIsAndWhatIsExpected) {
  const ScratchDirectory dir;
  const auto expected = AllOf(HasSubstr("foreign"), HasSubstr("schema 'seccm-run' version 2 is expected"));
  for (const std::string text : {"", "a", "{\"json\": true}", "\x89PNG\r\n\x1a\n and more bytes behind it"}) {
    spill(dir / "foreign", text);
    EXPECT_THAT(reading_error_of(dir / "foreign"), AllOf(expected, HasSubstr("not an HDF5 file")));
  }
  write_results(dir / "foreign", Results{});
  EXPECT_THAT(reading_error_of(dir / "foreign"), AllOf(expected, HasSubstr("its schema is 'seccm-results'")));
  {
    h5::OutputFile file(dir / "foreign");
    h5::set_schema(file.root(), "seccm-run", 1);
    file.commit();
  }
  EXPECT_THAT(reading_error_of(dir / "foreign"), AllOf(expected, HasSubstr("has version 1")));
  {
    h5::OutputFile file(dir / "foreign");
    (void)file.root().create_group("data");
    file.commit();
  }
  EXPECT_THAT(reading_error_of(dir / "foreign"), AllOf(expected, HasSubstr("of another program")));
  EXPECT_THAT(reading_error_of(dir / "foreign_and_absent"), HasSubstr("there is no such file"));
  EXPECT_THAT(reading_error_of(dir.path()), HasSubstr("not a regular file"));
  {
    h5::OutputFile file(dir / "foreign");
    h5::set_schema(file.root(), "seccm-run", 2);
    file.commit();
  }
  EXPECT_THAT(reading_error_of(dir / "foreign"), HasSubstr("no attribute 'status'"));
}

// A claim of 2^31 values in a file of a few kilobytes is refused before memory is taken.
TEST(HostileFile, RefusesAnArrayThatItsFileCanNotHold) {
  const ScratchDirectory dir;
  {
    h5::OutputFile file(dir / "bomb.h5");
    h5::set_schema(file.root(), "seccm-run", 2);
    (void)file.root().create<double>("bomb", {.shape = {std::uint64_t{1} << 31}, .chunk = {1024}, .growing = false});
    file.commit();
  }
  const h5::InputFile file(dir / "bomb.h5", "seccm-run", 2);
  try {
    (void)file.root().dataset("bomb").read<double>();
    FAIL();
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), AllOf(HasSubstr("'/bomb'"), HasSubstr("claims more data than its file")));
  }
}

TEST(HostileFile, ChecksTypeShapeUnitAndAttributes) {
  const ScratchDirectory dir;
  {
    h5::OutputFile file(dir / "f.h5");
    h5::set_schema(file.root(), "s", 1);
    auto array = file.root().create<double>("array", {.shape = {2, 3}, .chunk = {}, .growing = false, .deflate = 0});
    const double values[] = {1, 2, 3, 4, 5, 6};
    array.write(std::span<const double>(values));
    array.set("number", 1.5);
    array.set("infinite", std::numeric_limits<double>::infinity());
    file.commit();
  }
  const h5::InputFile file(dir / "f.h5", "s", 1);
  const h5::Dataset array = file.root().dataset("array");
  EXPECT_EQ(array.read<double>(), (std::vector<double>{1, 2, 3, 4, 5, 6}));
  const auto message = [](auto action) -> std::string {
    try {
      action();
    } catch (const InputError& error) {
      return error.what();
    }
    return "";
  };
  const std::uint64_t shape[] = {6};
  EXPECT_THAT(message([&] { array.require_shape(shape); }), HasSubstr("is 2 x 3; 6 is expected"));
  EXPECT_THAT(message([&] { (void)array.read<std::int64_t>(); }), HasSubstr("signed 64-bit little-endian is expected"));
  EXPECT_THAT(message([&] { (void)array.read_text(); }), HasSubstr("text is expected"));
  EXPECT_THAT(message([&] { (void)array.real("infinite"); }), HasSubstr("not a finite number"));
  EXPECT_THAT(message([&] { (void)array.text("number"); }), HasSubstr("no attribute 'number' with fixed-width text"));
  EXPECT_THAT(message([&] { (void)file.root().group("array"); }), HasSubstr("is not a group"));
  EXPECT_THAT(message([&] { (void)file.root().dataset("absent"); }), HasSubstr("'/absent' is missing"));
}

// An HDF5 file of another program, or one of ours that another program has changed.
TEST(HostileFile, RefusesWhatAnotherProgramWroteOrChanged) {
  const ScratchDirectory dir;
  H5Fclose(H5Fcreate((dir / "other.h5").c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT));
  EXPECT_THAT(reading_error_of(dir / "other.h5"), AllOf(HasSubstr("other.h5"), HasSubstr("another program wrote")));
  test::write_sample(dir / "run.h5", 1);
  EXPECT_EQ(reading_error_of(dir / "run.h5"), "");
  const hid_t file = H5Fopen((dir / "run.h5").c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
  ASSERT_GE(file, 0);
  H5Ldelete(file, "points", H5P_DEFAULT);
  H5Fclose(file);
  EXPECT_THAT(reading_error_of(dir / "run.h5"), HasSubstr("another program"));
}

/// A file of the library's own calls that carries our schema: `seal` puts the checksum behind it.
hid_t create_with_schema(const ScratchDirectory& dir, const std::filesystem::path& path) {
  const hid_t file = H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
  h5::OutputFile donor(dir / "donor.h5");
  h5::set_schema(donor.root(), "seccm-run", 2);
  donor.commit();
  const hid_t from = H5Fopen((dir / "donor.h5").c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
  for (const char* name : {"schema", "schema_version"}) {
    const hid_t a = H5Aopen(from, name, H5P_DEFAULT), type = H5Aget_type(a), space = H5Aget_space(a);
    std::vector<char> value(H5Tget_size(type));
    H5Aread(a, type, value.data());
    const hid_t b = H5Acreate2(file, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
    H5Awrite(b, type, value.data());
    for (const hid_t id : {a, b}) H5Aclose(id);
    H5Tclose(type);
    H5Sclose(space);
  }
  H5Fclose(from);
  return file;
}

void seal(const std::filesystem::path& path) {
  const std::string content = slurp(path);
  const std::uint64_t length = content.size();
  const std::uint32_t crc[2] = {crc32_of(content), 0};
  std::string footer("SECCMCRC");
  footer.append(reinterpret_cast<const char*>(&length), sizeof length);
  footer.append(reinterpret_cast<const char*>(crc), sizeof crc);
  spill(path, content + footer);
}

// A link into another file is not followed, even where the checksum is right.
TEST(HostileFile, DoesNotFollowLinksToOtherFiles) {
  const ScratchDirectory dir;
  test::write_sample(dir / "run.h5", 1);
  const hid_t file = create_with_schema(dir, dir / "link.h5");
  H5Lcreate_external((dir / "run.h5").c_str(), "/points", file, "points", H5P_DEFAULT, H5P_DEFAULT);
  H5Lcreate_soft("/elsewhere", file, "legs", H5P_DEFAULT, H5P_DEFAULT);
  H5Fclose(file);
  seal(dir / "link.h5");
  const h5::InputFile in(dir / "link.h5", "seccm-run", 2);
  EXPECT_THROW((void)in.root().group("points"), InputError);
  EXPECT_THROW((void)in.root().group("legs"), InputError);
}

// A thousand rows share one text of 100 kB, as rows that were never written share their fill value: the file is small,
// and what it claims is not read.
TEST(HostileFile, RefusesTextsThatItsFileCanNotHold) {
  const ScratchDirectory dir;
  const hid_t file = create_with_schema(dir, dir / "bomb.h5");
  const hid_t text = H5Tcopy(H5T_C_S1);
  H5Tset_size(text, H5T_VARIABLE);
  const hsize_t rows = 1000;
  const hid_t space = H5Screate_simple(1, &rows, nullptr), layout = H5Pcreate(H5P_DATASET_CREATE);
  const std::string word(100000, 'x');
  const char* fill = word.c_str();
  H5Pset_fill_value(layout, text, static_cast<const void*>(&fill));
  H5Pset_alloc_time(layout, H5D_ALLOC_TIME_LATE);
  H5Dclose(H5Dcreate2(file, "texts", text, space, H5P_DEFAULT, layout, H5P_DEFAULT));
  H5Fclose(file);
  seal(dir / "bomb.h5");
  ASSERT_LT(std::filesystem::file_size(dir / "bomb.h5"), 1000000U);
  const h5::InputFile in(dir / "bomb.h5", "seccm-run", 2);
  EXPECT_THAT(test::error_of([&] { (void)in.root().dataset("texts").read_text(); }),
              HasSubstr("claims more text than its file holds"));
}

// Text arrays had a fixed width once; tests/data/fixed_text holds files of that time.
TEST(HostileFile, ReadsTextOfFixedWidthToo) {
  const RunReader run(SECCM_TEST_DATA "/fixed_text/run.h5");
  EXPECT_EQ(run.summary().header.scenario_name, "short");
  EXPECT_THAT(run.summary().header.scenario_text, HasSubstr("missing in the source: Z; its counts are 0\n"));
  ASSERT_EQ(run.summary().points.size(), 1U);
  EXPECT_EQ(run.summary().points[0].legs.size(), 1U);
  const Results results = read_results(SECCM_TEST_DATA "/fixed_text/results.h5");
  ASSERT_EQ(results.selections.size(), 1U);
  EXPECT_EQ(results.selections[0].reason, "programme incomplete (the voltammogram does not come back to its start)");
}

}  // namespace
}  // namespace seccm::files
