// A data package: its JSON, a NUL, its CSV. Read and cut into sweeps.
#include "files/import/segmentation.hpp"
#include "files/import/unitpackage.hpp"
#include "sim/error.hpp"
#include "tests/fuzz/scratch_file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace seccm;
  const std::string_view text = fuzz::text_of(data, size);
  const std::size_t cut = text.find('\0');
  if (cut == std::string_view::npos) return 0;
  try {
    files::PlainTableOptions options;
    options.polarity = files::Polarity::iupac;
    (void)files::is_unitpackage(text.substr(0, cut));
    (void)files::find_points(files::parse_unitpackage(text.substr(cut + 1), text.substr(0, cut), options, "fuzz.csv"),
                             1e-4);
  } catch (const InputError&) {
    return 0;
  }
  return 0;
}
