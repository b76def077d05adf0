// What the records of a run journal hold, and building the run file from them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "files/binary.hpp"
#include "files/records.hpp"
#include "files/run_file.hpp"

namespace seccm::files {

enum class RunRecordKind : std::uint32_t {
  header = 1,
  frames = 2,
  point = 3,
  image = 4,
  reference_calibration = 5,
  micrograph = 6,
  registration = 7,
  preflight = 8,
  program = 9,
  rig = 10,
  origin = 11,  ///< text that a resumed run must agree with; in the journal only, never in the run file
  fault = 12,
  stated = 13,
};

/// Frames channel by channel: how they are kept in memory, in the journal and in the run file.
struct FrameColumns {
  std::vector<std::int64_t> tick;
  std::vector<std::int16_t> x, y, z, E1, i1, tag, E2, i2;
  std::vector<std::uint16_t> flags;

  [[nodiscard]] std::size_t size() const { return tick.size(); }
  void push_back(const PackedFrame& frame);
  void append(const FrameColumns& other, std::size_t begin, std::size_t end);
  void clear();
};

/// Frames per journal record: a quarter of a second of measuring, the most that a killed process loses. With the
/// journal's group commit a machine that dies loses less than a second.
inline constexpr std::size_t frames_per_record = 256;

std::string encode(const RunHeader& header);
/// Ticks of a regular block are stored as start and step.
std::string encode(const FrameColumns& frames);
std::string encode(const PointRecord& point);
std::string encode(const RunImage& image);
std::string encode(const ReferenceCalibration& calibration);
std::string encode(const StatedQuantity& stated);
std::string encode(const MicrographRecord& micrograph);
std::string encode(const Registration& registration);
std::string encode(const Preflight& preflight);
std::string encode(const ProgramRecord& program);
std::string encode(const RigRecord& rig);
std::string encode(const FaultRecord& fault);
std::string encode_origin(std::string_view text);

// Each throws InputError for bytes that no encoder wrote.
RunHeader decode_header(std::string_view bytes);
FrameColumns decode_frames(std::string_view bytes);
PointRecord decode_point(std::string_view bytes);
RunImage decode_image(std::string_view bytes);
ReferenceCalibration decode_reference_calibration(std::string_view bytes);
StatedQuantity decode_stated(std::string_view bytes);
MicrographRecord decode_micrograph(std::string_view bytes);
Registration decode_registration(std::string_view bytes);
Preflight decode_preflight(std::string_view bytes);
ProgramRecord decode_program(std::string_view bytes);
RigRecord decode_rig(std::string_view bytes);
FaultRecord decode_fault(std::string_view bytes);
std::string decode_origin(std::string_view bytes);

/// Reads the journal once, record by record, into the HDF5 file: memory does not grow with the run.
Recovery build_run(const std::filesystem::path& journal, const std::filesystem::path& target, std::string_view status,
                   const MoreGroups& more = {});

/// What `describe` writes of an image.
RunImage without_pixels(const RunImage& image);
/// Throws InputError unless `name` can name an image.
void require_image_name(std::string_view name);
/// Throws InputError unless 0 < width, height <= 16384 and `pixels` is their product.
void require_image_size(std::string_view what, int width, int height, std::size_t pixels);

/// "point_0017"
std::string micrograph_group(int point);

}  // namespace seccm::files
