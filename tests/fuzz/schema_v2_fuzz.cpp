// A recording of schema v2: the sidecar, a NUL, the CSV. Read, cut into points, and (short ones) written as a run file.
#include "files/import/schema_v2.hpp"

#include "files/import/import_run.hpp"
#include "files/import/segmentation.hpp"
#include "sim/error.hpp"
#include "tests/fuzz/scratch_file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace seccm;
  const std::string_view text = fuzz::text_of(data, size);
  const std::size_t cut = text.find('\0');
  if (cut == std::string_view::npos) return 0;
  try {
    files::ForeignRecording f =
        files::parse_schema_v2(text.substr(cut + 1), text.substr(0, cut), files::Polarity::wec_spm, "fuzz.csv");
    (void)files::find_points(f, 1e-4);
    if (size % 8 == 0) (void)files::write_foreign(std::move(f), fuzz::fresh_target("v2.h5"), {});
  } catch (const InputError&) {
    return 0;
  }
  return 0;
}
