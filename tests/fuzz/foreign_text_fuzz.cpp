// Bytes of a foreign file: gzip, UTF-16, Latin-1 or UTF-8.
#include "files/import/foreign_text.hpp"
#include "sim/error.hpp"
#include "tests/fuzz/scratch_file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace seccm;
  try {
    (void)files::as_utf8(std::string(fuzz::text_of(data, size)), 1U << 20, "fuzz.txt");
  } catch (const InputError&) {
    return 0;
  }
  return 0;
}
