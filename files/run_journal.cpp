#include "files/run_journal.hpp"

#include <algorithm>

#include "files/schema.hpp"
#include "sim/error.hpp"

namespace seccm::files {
namespace {

constexpr int largest_side = 16384;  // pixels

template <class Record>
std::string encode_fields(Record record) {
  BinaryWriter out;
  describe(out, record);
  return out.bytes();
}

template <class Record>
Record decode_fields(BinaryReader& in) {
  Record record{};
  describe(in, record);
  return record;
}

void require_end(const BinaryReader& in) {
  if (in.remaining() != 0) throw InputError("a journal record is longer than its fields");
}

bool is_regular(const std::vector<std::int64_t>& tick) {
  for (std::size_t k = 2; k < tick.size(); ++k)
    if (tick[k] - tick[k - 1] != tick[1] - tick[0]) return false;
  return !tick.empty();
}

template <class T>
void put(BinaryWriter& out, const std::vector<T>& values) {
  out.array(std::span<const T>(values));
}

template <class T>
std::vector<T> get(BinaryReader& in, std::uint64_t count) {
  in.expect(count, sizeof(T));
  std::vector<T> values(static_cast<std::size_t>(count));
  in.array(std::span<T>(values));
  return values;
}

std::size_t pixels_of(int width, int height) {
  return static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
}

}  // namespace

void FrameColumns::push_back(const PackedFrame& f) {
  tick.push_back(f.tick);
  x.push_back(f.x);
  y.push_back(f.y);
  z.push_back(f.z);
  E1.push_back(f.E1);
  i1.push_back(f.i1);
  tag.push_back(f.tag);
  flags.push_back(f.flags);
  E2.push_back(f.E2);
  i2.push_back(f.i2);
}

void FrameColumns::append(const FrameColumns& o, std::size_t begin, std::size_t end) {
  const auto join = [begin, end](auto& to, const auto& from) {
    to.insert(to.end(), from.begin() + static_cast<std::ptrdiff_t>(begin),
              from.begin() + static_cast<std::ptrdiff_t>(end));
  };
  join(tick, o.tick);
  join(x, o.x);
  join(y, o.y);
  join(z, o.z);
  join(E1, o.E1);
  join(i1, o.i1);
  join(tag, o.tag);
  join(flags, o.flags);
  join(E2, o.E2);
  join(i2, o.i2);
}

void FrameColumns::clear() {
  tick.clear();
  for (auto* channel : {&x, &y, &z, &E1, &i1, &tag, &E2, &i2}) channel->clear();
  flags.clear();
}

std::string encode(const RunHeader& header) {
  BinaryWriter out;
  out.number(static_cast<std::uint32_t>(run_schema_version));
  RunHeader copy = header;
  describe(out, copy);
  return out.bytes();
}

RunHeader decode_header(std::string_view bytes) {
  BinaryReader in(bytes);
  const auto version = in.number<std::uint32_t>();
  if (version != static_cast<std::uint32_t>(run_schema_version))
    throw InputError("the journal has version " + std::to_string(version) + "; version " +
                     std::to_string(run_schema_version) + " is expected");
  auto header = decode_fields<RunHeader>(in);
  require_end(in);
  return header;
}

std::string encode(const FrameColumns& frames) {
  BinaryWriter out;
  const bool regular = is_regular(frames.tick);
  out.number(static_cast<std::uint32_t>(frames.size()));
  out.number(static_cast<std::uint8_t>(regular));
  if (regular) {
    out.number(frames.tick.front());
    out.number(frames.size() > 1 ? frames.tick[1] - frames.tick[0] : std::int64_t{0});
  } else {
    put(out, frames.tick);
  }
  for (const auto* channel : {&frames.x, &frames.y, &frames.z, &frames.E1, &frames.i1, &frames.tag}) put(out, *channel);
  put(out, frames.flags);
  put(out, frames.E2);
  put(out, frames.i2);
  return out.bytes();
}

FrameColumns decode_frames(std::string_view bytes) {
  BinaryReader in(bytes);
  const auto count = in.number<std::uint32_t>();
  in.expect(count, 9 * sizeof(std::int16_t));
  FrameColumns frames;
  if (in.number<std::uint8_t>() != 0) {
    const auto start = in.number<std::int64_t>();
    const auto step = in.number<std::int64_t>();
    for (std::uint32_t k = 0; k < count; ++k)  // unsigned: a forged step wraps instead of overflowing
      frames.tick.push_back(
          static_cast<std::int64_t>(static_cast<std::uint64_t>(start) + k * static_cast<std::uint64_t>(step)));
  } else {
    frames.tick = get<std::int64_t>(in, count);
  }
  for (auto* channel : {&frames.x, &frames.y, &frames.z, &frames.E1, &frames.i1, &frames.tag})
    *channel = get<std::int16_t>(in, count);
  frames.flags = get<std::uint16_t>(in, count);
  frames.E2 = get<std::int16_t>(in, count);
  frames.i2 = get<std::int16_t>(in, count);
  require_end(in);
  return frames;
}

std::string encode(const PointRecord& point) {
  BinaryWriter out;
  PointRecord copy = point;
  describe(out, copy);
  out.number(static_cast<std::uint32_t>(copy.legs.size()));
  for (Leg& leg : copy.legs) describe(out, leg);
  return out.bytes();
}

PointRecord decode_point(std::string_view bytes) {
  BinaryReader in(bytes);
  auto point = decode_fields<PointRecord>(in);
  const auto legs = in.number<std::uint32_t>();
  in.expect(legs, 16);
  for (std::uint32_t k = 0; k < legs; ++k) point.legs.push_back(decode_fields<Leg>(in));
  require_end(in);
  return point;
}

std::string encode(const RunImage& image) {
  BinaryWriter out;
  RunImage shape = without_pixels(image);
  describe(out, shape);
  put(out, image.pixels);
  return out.bytes();
}

RunImage decode_image(std::string_view bytes) {
  BinaryReader in(bytes);
  auto image = decode_fields<RunImage>(in);
  require_image_size("image '" + image.name + "'", image.width, image.height, in.remaining() / sizeof(std::uint16_t));
  image.pixels = get<std::uint16_t>(in, pixels_of(image.width, image.height));
  require_end(in);
  return image;
}

std::string encode(const ReferenceCalibration& calibration) {
  return encode_fields(calibration);
}

ReferenceCalibration decode_reference_calibration(std::string_view bytes) {
  BinaryReader in(bytes);
  auto calibration = decode_fields<ReferenceCalibration>(in);
  require_end(in);
  return calibration;
}

std::string encode(const StatedQuantity& stated) {
  return encode_fields(stated);
}

StatedQuantity decode_stated(std::string_view bytes) {
  BinaryReader in(bytes);
  auto stated = decode_fields<StatedQuantity>(in);
  require_end(in);
  return stated;
}

std::string encode(const MicrographRecord& micrograph) {
  BinaryWriter out;
  MicrographRecord copy = micrograph;
  describe(out, copy);
  put(out, micrograph.everhart_thornley);
  put(out, micrograph.in_lens);
  return out.bytes();
}

MicrographRecord decode_micrograph(std::string_view bytes) {
  BinaryReader in(bytes);
  auto m = decode_fields<MicrographRecord>(in);
  require_image_size("micrograph of point " + std::to_string(m.point), m.width, m.height, in.remaining() / 2);
  m.everhart_thornley = get<std::uint8_t>(in, pixels_of(m.width, m.height));
  m.in_lens = get<std::uint8_t>(in, pixels_of(m.width, m.height));
  require_end(in);
  return m;
}

std::string encode(const Registration& registration) {
  BinaryWriter out;
  Registration copy = registration;
  describe(out, copy);
  require_finite("affine", copy.affine);
  out.array(std::span<const double>(copy.affine));
  out.number(static_cast<std::uint32_t>(copy.matches.size()));
  for (auto& match : copy.matches) describe(out, match);
  return out.bytes();
}

Registration decode_registration(std::string_view bytes) {
  BinaryReader in(bytes);
  auto registration = decode_fields<Registration>(in);
  in.array(std::span<double>(registration.affine));
  require_finite("affine", registration.affine);
  const auto matches = in.number<std::uint32_t>();
  in.expect(matches, 5 * sizeof(double));
  for (std::uint32_t k = 0; k < matches; ++k) registration.matches.push_back(decode_fields<Registration::Match>(in));
  require_end(in);
  return registration;
}

std::string encode(const Preflight& preflight) {
  return encode_fields(preflight);
}

Preflight decode_preflight(std::string_view bytes) {
  BinaryReader in(bytes);
  auto preflight = decode_fields<Preflight>(in);
  require_end(in);
  return preflight;
}

std::string encode(const FaultRecord& fault) {
  return encode_fields(fault);
}

FaultRecord decode_fault(std::string_view bytes) {
  BinaryReader in(bytes);
  auto fault = decode_fields<FaultRecord>(in);
  require_end(in);
  return fault;
}

std::string encode_origin(std::string_view text) {
  BinaryWriter out;
  std::string copy(text);
  out.text("origin", copy);
  return out.bytes();
}

std::string decode_origin(std::string_view bytes) {
  BinaryReader in(bytes);
  std::string text;
  in.text("origin", text);
  require_end(in);
  return text;
}

std::string encode(const ProgramRecord& program) {
  BinaryWriter out;
  ProgramRecord copy = program;
  describe(out, copy);
  out.number(static_cast<std::uint32_t>(copy.waypoints.size()));
  for (WaypointRecord& waypoint : copy.waypoints) describe(out, waypoint);
  return out.bytes();
}

ProgramRecord decode_program(std::string_view bytes) {
  BinaryReader in(bytes);
  auto program = decode_fields<ProgramRecord>(in);
  const auto waypoints = in.number<std::uint32_t>();
  in.expect(waypoints, 8 * sizeof(double));
  for (std::uint32_t k = 0; k < waypoints; ++k) program.waypoints.push_back(decode_fields<WaypointRecord>(in));
  require_end(in);
  return program;
}

std::string encode(const RigRecord& rig) {
  return encode_fields(rig);
}

RigRecord decode_rig(std::string_view bytes) {
  BinaryReader in(bytes);
  auto rig = decode_fields<RigRecord>(in);
  require_end(in);
  return rig;
}

RunImage without_pixels(const RunImage& image) {
  return {.name = image.name,
          .width = image.width,
          .height = image.height,
          .t = image.t,
          .illumination = image.illumination,
          .pixels = {},
          .t_start = image.t_start,
          .exposure = image.exposure,
          .average = image.average,
          .reflection = image.reflection,
          .transmission = image.transmission,
          .programs_before = image.programs_before};
}

void require_image_name(std::string_view name) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
           c == '.';
  };
  const bool good =
      !name.empty() && name.size() <= 64 && name.front() != '.' && std::all_of(name.begin(), name.end(), plain);
  if (!good)
    throw InputError(
        "'" + std::string(name) +
        "' can not name an image; 1 to 64 of the characters A-Z a-z 0-9 _ - . are accepted, not starting with a dot");
}

void require_image_size(std::string_view what, int width, int height, std::size_t pixels) {
  const bool good =
      width > 0 && height > 0 && width <= largest_side && height <= largest_side && pixels_of(width, height) == pixels;
  if (!good)
    throw InputError(std::string(what) + " is stated as " + std::to_string(width) + " x " + std::to_string(height) +
                     " pixels but holds " + std::to_string(pixels) +
                     "; sides of 1 to 16384 and width x height pixels are expected");
}

std::string micrograph_group(int point) {
  std::string digits = std::to_string(point);
  digits.insert(0, digits.size() < 4 ? 4 - digits.size() : 0, '0');
  return "point_" + digits;
}

}  // namespace seccm::files
