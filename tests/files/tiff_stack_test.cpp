// Stacks of labels from hostile and honest TIFF files.
#include "files/tiff_stack.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <iterator>

#include "sim/error.hpp"

namespace seccm::files {
namespace {

using ::testing::HasSubstr;

class TiffStackFile : public ::testing::Test {
 protected:
  void SetUp() override {
    path_ = std::filesystem::temp_directory_path() / ("seccm_tiff_" + std::to_string(::getpid()) + ".tif");
    stack_ = {.width = 7, .height = 5, .pages = 3, .values = {}};
    for (int k = 0; k < 7 * 5 * 3; ++k) stack_.values.push_back(static_cast<std::uint16_t>(600 * k));
    write_tiff_stack(path_, stack_);
  }
  void TearDown() override { std::filesystem::remove(path_); }

  std::string refusal(std::size_t most = 1000) const {
    try {
      (void)read_tiff_stack(path_, most);
    } catch (const InputError& error) {
      return error.what();
    }
    return "";
  }
  [[nodiscard]] std::string bytes() const {
    std::ifstream in(path_, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  void overwrite(const std::string& text) const { std::ofstream(path_, std::ios::binary | std::ios::trunc) << text; }

  std::filesystem::path path_;
  TiffStack stack_;
};

TEST_F(TiffStackFile, ReadsWhatWasWritten) {
  const TiffStack read = read_tiff_stack(path_, 1000);
  EXPECT_EQ(read.width, 7);
  EXPECT_EQ(read.height, 5);
  EXPECT_EQ(read.pages, 3);
  EXPECT_EQ(read.values, stack_.values);
}

TEST_F(TiffStackFile, MoreThanAllowedIsRefused) {
  EXPECT_THAT(refusal(104), HasSubstr("more than 104 values"));
  EXPECT_EQ(refusal(105), "");
}

TEST_F(TiffStackFile, MissingAndForeignFilesAreRefused) {
  overwrite("not a picture at all");
  EXPECT_THAT(refusal(), HasSubstr("no TIFF"));
  std::filesystem::remove(path_);
  EXPECT_THAT(refusal(), HasSubstr("no such file"));
}

TEST_F(TiffStackFile, EveryTruncationIsRefused) {
  const std::string whole = bytes();
  for (std::size_t n = 0; n < whole.size(); n += 3) {
    overwrite(whole.substr(0, n));
    EXPECT_NE(refusal(), "") << n;
  }
}

TEST_F(TiffStackFile, FlippedBytesNeverCrash) {
  const std::string whole = bytes();
  for (std::size_t n = 0; n < whole.size(); ++n) {
    std::string damaged = whole;
    damaged[n] = static_cast<char>(damaged[n] ^ 0x5a);
    overwrite(damaged);
    try {
      const TiffStack read = read_tiff_stack(path_, 1000);
      EXPECT_EQ(read.values.size(), static_cast<std::size_t>(read.width * read.height * read.pages)) << n;
    } catch (const InputError&) {
    }
  }
}

}  // namespace
}  // namespace seccm::files
