#include <algorithm>

#include "files/hdf5.hpp"
#include "files/run_file.hpp"
#include "files/run_journal.hpp"
#include "files/run_tables.hpp"
#include "files/schema.hpp"
#include "files/table.hpp"
#include "sim/error.hpp"

namespace seccm::files {
namespace {

void require_range(const h5::Group& table, std::size_t row, std::uint64_t begin, std::uint64_t end,
                   std::uint64_t frames) {
  if (begin > end || end > frames)
    table.fail("names in row " + std::to_string(row) + " the frames " + std::to_string(begin) + " to " +
               std::to_string(end) + " of a run of " + std::to_string(frames));
}

std::vector<PointRecord> read_points(const h5::Group& root, std::uint64_t frames) {
  auto points = read_table<PointRecord>(root, "points");
  const h5::Group point_table = root.group("points");
  for (std::size_t k = 0; k < points.size(); ++k)
    require_range(point_table, k, points[k].frame_begin, points[k].frame_end, frames);
  const auto legs = read_table<LegRow>(root, "legs");
  const h5::Group leg_table = root.group("legs");
  for (std::size_t k = 0; k < legs.size(); ++k) {
    const auto& [row, leg] = legs[k];
    if (row < 0 || static_cast<std::size_t>(row) >= points.size())
      leg_table.fail("names row " + std::to_string(row) + " of a table of " + std::to_string(points.size()) +
                     " points");
    require_range(leg_table, k, leg.frame_begin, leg.frame_end, frames);
    points[static_cast<std::size_t>(row)].legs.push_back(leg);
  }
  return points;
}

std::vector<ProgramRecord> read_programs(const h5::Group& root, std::uint64_t frames) {
  auto programs = read_table<ProgramRecord>(root, "programs");
  const h5::Group program_table = root.group("programs");
  for (std::size_t k = 0; k < programs.size(); ++k)
    require_range(program_table, k, programs[k].frame_begin, programs[k].frame_end, frames);
  const auto waypoints = read_table<WaypointRow>(root, "waypoints");
  for (const auto& [row, waypoint] : waypoints) {
    if (row < 0 || static_cast<std::size_t>(row) >= programs.size())
      root.group("waypoints")
          .fail("names row " + std::to_string(row) + " of a table of " + std::to_string(programs.size()) + " programs");
    programs[static_cast<std::size_t>(row)].waypoints.push_back(waypoint);
  }
  return programs;
}

Registration read_registration(const h5::Group& root) {
  const h5::Group group = root.group("registration");
  Registration registration;
  read_record(group, registration);
  const auto affine = group.dataset("affine");
  const std::uint64_t six[] = {6};
  affine.require_shape(six);
  const auto values = affine.read<double>();
  require_finite(affine.where(), values);
  std::copy(values.begin(), values.end(), registration.affine.begin());
  registration.matches = read_table<Registration::Match>(group, "matches");
  return registration;
}

template <class T>
std::vector<T> read_pixels(const h5::Group& group, std::string_view name, int width, int height) {
  const auto array = group.dataset(name);
  if (width <= 0 || height <= 0 || width > 16384 || height > 16384) array.fail("has sides outside 1 to 16384 pixels");
  const std::uint64_t shape[] = {static_cast<std::uint64_t>(height), static_cast<std::uint64_t>(width)};
  array.require_shape(shape);
  return array.read<T>();
}

/// One int16 channel with the scale of the header, opened and checked once.
struct Channel {
  h5::Dataset array;
  Scale scale;

  Channel(const h5::Group& frames, std::string_view name, std::string_view unit, Scale expected, std::uint64_t count)
      : array(frames.dataset(name)), scale(expected) {
    const std::uint64_t shape[] = {count};
    array.require_shape(shape);
    array.require(h5::Element::i16);
    if (array.text("units") != unit) array.fail("has not the unit '" + std::string(unit) + "'");
    if (array.real("scale_factor") != scale.lsb || array.real("add_offset") != scale.offset)
      array.fail("has another scale than the header of the run");
  }

  [[nodiscard]] std::vector<double> read(std::uint64_t begin, std::uint64_t end) const {
    std::vector<std::int16_t> counts(static_cast<std::size_t>(end - begin));
    array.read(begin, std::span<std::int16_t>(counts));
    std::vector<double> values(counts.size());
    std::transform(counts.begin(), counts.end(), values.begin(),
                   [this](std::int16_t n) { return scale.offset + scale.lsb * n; });
    return values;
  }
};

}  // namespace

struct RunReader::Impl {
  explicit Impl(const std::filesystem::path& path)
      : file(path, run_schema, run_schema_version),
        root(file.root()),
        summary(read_summary()),
        frames(root.group("frames")),
        time(frames.dataset("time")),
        x(frames, "x", "m", summary.header.x, summary.frames),
        y(frames, "y", "m", summary.header.y, summary.frames),
        z(frames, "z", "m", summary.header.z, summary.frames),
        E1(frames, "E1", "V", summary.header.E1, summary.frames),
        i1(frames, "i1", "A", summary.header.i1, summary.frames),
        tag(frames.dataset("tag")),
        flags(frames.dataset("flags")),
        E2(frames, "E2", "V", summary.header.E2, summary.frames),
        i2(frames, "i2", "A", summary.header.i2, summary.frames) {
    const std::uint64_t shape[] = {summary.frames};
    tag.require_shape(shape);
    tag.require(h5::Element::i16);
    flags.require_shape(shape);
    flags.require(h5::Element::u16);
    if (time.real("scale_factor") != summary.header.tick) time.fail("has another tick than the header of the run");
  }

  [[nodiscard]] RunSummary read_summary() const {
    RunSummary s;
    s.status = root.text("status");
    if (s.status != "complete" && s.status != "interrupted")
      root.fail("has the status '" + s.status + "'; 'complete' or 'interrupted' is expected");
    read_record(root.group("header"), s.header);
    const auto ticks = root.group("frames").dataset("time");
    ticks.require(h5::Element::i64);
    if (ticks.shape().size() != 1) ticks.fail("is not a one-dimensional array");
    s.frames = ticks.shape()[0];
    s.points = read_points(root, s.frames);
    s.registration = read_registration(root);
    s.reference_calibrations = read_table<ReferenceCalibration>(root, "reference_calibrations");
    read_record(root.group("preflight"), s.preflight);
    s.programs = read_programs(root, s.frames);
    read_record(root.group("rig"), s.rig);
    if (root.has("faults")) s.faults = read_table<FaultRecord>(root, "faults");  // younger than the schema's version 1
    if (root.has("stated")) s.stated = read_table<StatedQuantity>(root, "stated");
    return s;
  }

  h5::InputFile file;
  h5::Group root;
  RunSummary summary;
  h5::Group frames;
  h5::Dataset time;
  Channel x, y, z, E1, i1;
  h5::Dataset tag, flags;
  Channel E2, i2;
};

RunReader::RunReader(const std::filesystem::path& path) : impl_(std::make_unique<Impl>(path)) {}
RunReader::~RunReader() = default;
RunReader::RunReader(RunReader&&) noexcept = default;

const RunSummary& RunReader::summary() const {
  return impl_->summary;
}

FrameBlock RunReader::frames(std::uint64_t begin, std::uint64_t end) const {
  const Impl& run = *impl_;
  if (begin > end || end > run.summary.frames)
    throw InputError("frames " + std::to_string(begin) + " to " + std::to_string(end) + " do not exist; the run has " +
                     std::to_string(run.summary.frames));
  const auto count = static_cast<std::size_t>(end - begin);
  std::vector<std::int64_t> ticks(count);
  run.time.read(begin, std::span<std::int64_t>(ticks));
  if (std::adjacent_find(ticks.begin(), ticks.end(), std::greater_equal<>()) != ticks.end())
    run.time.fail("does not increase");
  FrameBlock block;
  for (const std::int64_t t : ticks) block.t.push_back(static_cast<double>(t) * run.summary.header.tick);
  block.x = run.x.read(begin, end);
  block.y = run.y.read(begin, end);
  block.z = run.z.read(begin, end);
  block.E1 = run.E1.read(begin, end);
  block.i1 = run.i1.read(begin, end);
  block.E2 = run.E2.read(begin, end);
  block.i2 = run.i2.read(begin, end);
  std::vector<std::int16_t> tags(count);
  run.tag.read(begin, std::span<std::int16_t>(tags));
  block.tag.assign(tags.begin(), tags.end());
  block.flags.resize(count);
  run.flags.read(begin, std::span<std::uint16_t>(block.flags));
  return block;
}

std::vector<std::string> RunReader::image_names() const {
  return impl_->root.group("images").names();
}

std::optional<RunImage> RunReader::image(std::string_view name) const {
  const h5::Group images = impl_->root.group("images");
  if (name.find('/') != std::string_view::npos || !images.has(name)) return std::nullopt;
  const h5::Group group = images.group(name);
  RunImage image;
  read_record(group, image);
  image.pixels = read_pixels<std::uint16_t>(group, "pixels", image.width, image.height);
  return image;
}

std::optional<MicrographRecord> RunReader::micrograph(int point) const {
  const h5::Group all = impl_->root.group("micrographs");
  if (!all.has(micrograph_group(point))) return std::nullopt;
  const h5::Group group = all.group(micrograph_group(point));
  MicrographRecord m;
  read_record(group, m);
  m.everhart_thornley = read_pixels<std::uint8_t>(group, "everhart_thornley", m.width, m.height);
  m.in_lens = read_pixels<std::uint8_t>(group, "in_lens", m.width, m.height);
  return m;
}

}  // namespace seccm::files
