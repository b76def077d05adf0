// A WEC-SPM recording: settings, a NUL, the TSV. Read, cut into points, and (short ones) written as a run file.
#include "files/import/import_run.hpp"
#include "files/import/segmentation.hpp"
#include "files/import/wecspm_tsv.hpp"
#include "sim/error.hpp"
#include "tests/fuzz/scratch_file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace seccm;
  const std::string_view text = fuzz::text_of(data, size);
  const std::size_t cut = text.find('\0');
  try {
    const files::Settings settings =
        cut == std::string_view::npos ? files::Settings{} : files::parse_set(text.substr(0, cut), "fuzz.set");
    const std::string_view tsv = cut == std::string_view::npos ? text : text.substr(cut + 1);
    files::ForeignRecording f = files::parse_wecspm(tsv, settings, files::Polarity::wec_spm, "fuzz.tsv");
    (void)files::find_points(f, 1e-4);
    if (size % 8 == 0) (void)files::write_foreign(std::move(f), fuzz::fresh_target("tsv.h5"), {});
  } catch (const InputError&) {
    return 0;
  }
  return 0;
}
