// A Gamry .DTA file. Read and cut into sweeps.
#include "files/import/gamry.hpp"
#include "files/import/segmentation.hpp"
#include "sim/error.hpp"
#include "tests/fuzz/scratch_file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace seccm;
  try {
    files::PlainTableOptions options;
    options.polarity = files::Polarity::iupac;
    (void)files::find_points(files::parse_gamry(fuzz::text_of(data, size), options, "fuzz.DTA"), 1e-4);
  } catch (const InputError&) {
    return 0;
  }
  return 0;
}
