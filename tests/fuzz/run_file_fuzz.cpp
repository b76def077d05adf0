// Bytes that claim to be a run file, through RunReader. A file whose checksum does not fit ends before the HDF5 library
// sees it; what a journal can bring into a file whose checksum does fit is in journal_fuzz.
#include "files/run_file.hpp"

#include "sim/error.hpp"
#include "tests/fuzz/scratch_file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace seccm;
  try {
    const files::RunReader run(fuzz::write_scratch("run.h5", fuzz::text_of(data, size)));
    (void)run.frames(0, run.summary().frames);
    for (const std::string& name : run.image_names()) (void)run.image(name);
    for (const files::PointRecord& point : run.summary().points) (void)run.micrograph(point.index);
  } catch (const InputError&) {
    return 0;
  }
  return 0;
}
