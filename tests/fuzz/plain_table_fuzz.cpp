// A table of text of any program. Read, cut into sweeps, and (short ones) written as a run file.
#include "files/import/import_run.hpp"
#include "files/import/plain_table.hpp"
#include "files/import/segmentation.hpp"
#include "sim/error.hpp"
#include "tests/fuzz/scratch_file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace seccm;
  const std::string_view text = fuzz::text_of(data, size);
  try {
    files::PlainTableOptions options;
    options.polarity = files::Polarity::iupac;
    if (size % 2 == 0) options.scan_rates = {0.1};
    files::recognise_writer(text, options, "fuzz.csv");
    files::ForeignRecording f = files::parse_plain_table(text, options, "fuzz.csv");
    (void)files::find_points(f, 1e-4);
    if (size % 8 == 0) (void)files::write_foreign(std::move(f), fuzz::fresh_target("table.h5"), {});
  } catch (const InputError&) {
    return 0;
  }
  return 0;
}
