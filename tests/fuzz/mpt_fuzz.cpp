// A BioLogic .mpt file. Read, cut into legs, and (short ones) written as a run file.
#include "files/import/import_run.hpp"
#include "files/import/mpt.hpp"
#include "files/import/segmentation.hpp"
#include "sim/error.hpp"
#include "tests/fuzz/scratch_file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace seccm;
  try {
    files::ForeignRecording f = files::parse_mpt(fuzz::text_of(data, size), files::Polarity::iupac, "fuzz.mpt");
    (void)files::find_points(f, 1e-4);
    if (size % 8 == 0) (void)files::write_foreign(std::move(f), fuzz::fresh_target("mpt.h5"), {});
  } catch (const InputError&) {
    return 0;
  }
  return 0;
}
