// The journal of a run. The first byte chooses: the file as it is; one record past its checksum; or a journal of whole
// records with these payloads, from which a run file is built and read.
#include "files/journal.hpp"

#include <array>

#include "files/run_file.hpp"
#include "files/run_journal.hpp"
#include "sim/error.hpp"
#include "tests/fuzz/scratch_file.hpp"

namespace {

using namespace seccm;

void decode(std::uint32_t kind, std::string_view payload) {
  switch (static_cast<files::RunRecordKind>(kind)) {
    case files::RunRecordKind::header:
      (void)files::decode_header(payload);
      return;
    case files::RunRecordKind::frames:
      (void)files::decode_frames(payload);
      return;
    case files::RunRecordKind::point:
      (void)files::decode_point(payload);
      return;
    case files::RunRecordKind::image:
      (void)files::decode_image(payload);
      return;
    case files::RunRecordKind::reference_calibration:
      (void)files::decode_reference_calibration(payload);
      return;
    case files::RunRecordKind::micrograph:
      (void)files::decode_micrograph(payload);
      return;
    case files::RunRecordKind::registration:
      (void)files::decode_registration(payload);
      return;
    case files::RunRecordKind::preflight:
      (void)files::decode_preflight(payload);
      return;
    case files::RunRecordKind::program:
      (void)files::decode_program(payload);
      return;
    case files::RunRecordKind::rig:
      (void)files::decode_rig(payload);
      return;
    case files::RunRecordKind::stated:
      (void)files::decode_stated(payload);
      return;
    case files::RunRecordKind::origin:
      (void)files::decode_origin(payload);
      return;
    case files::RunRecordKind::fault:
      (void)files::decode_fault(payload);
      return;
  }
}

void read_file(std::string_view bytes) {
  files::JournalReader reader(fuzz::write_scratch("raw.journal", bytes));
  files::JournalRecord record;
  while (reader.next(record)) {
    try {
      decode(record.kind, record.payload);
    } catch (const InputError&) {
      continue;
    }
  }
  (void)reader.torn_bytes();
}

/// {u8 kind, u16 length, payload} after one another.
void build(std::string_view bytes) {
  const auto path = fuzz::scratch() / "built.journal";
  const auto target = fuzz::scratch() / "built.h5";
  std::filesystem::remove(path);
  {
    files::JournalWriter writer(path);
    writer.append(1, files::encode(files::RunHeader{}));
    while (bytes.size() >= 3) {
      const auto byte = [&](std::size_t k) { return static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[k])); };
      const std::uint32_t kind = byte(0) % 14;
      const std::size_t length = std::min<std::size_t>(byte(1) + 256 * byte(2), bytes.size() - 3);
      writer.append(kind, bytes.substr(3, length));
      bytes.remove_prefix(3 + length);
    }
  }
  (void)files::rebuild_run(path, target);
  const files::RunReader run(target);
  (void)run.frames(0, run.summary().frames);
  for (const std::string& name : run.image_names()) (void)run.image(name);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::string_view rest = fuzz::text_of(data + 1, size - 1);
  try {
    switch (data[0] % 3) {
      case 0:
        read_file(rest);
        break;
      case 1:
        decode(static_cast<std::uint32_t>(rest.front()) % 12, rest.substr(1));
        break;
      default:
        build(rest);
    }
  } catch (const InputError&) {
    return 0;
  }
  return 0;
}
