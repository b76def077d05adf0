// Journal -> HDF5, in one pass.
#include <algorithm>
#include <memory>
#include <optional>

#include "files/hdf5.hpp"
#include "files/journal.hpp"
#include "files/run_journal.hpp"
#include "files/run_tables.hpp"
#include "files/schema.hpp"
#include "files/table.hpp"
#include "sim/error.hpp"

namespace seccm::files {
namespace {

constexpr std::uint64_t frame_chunk = 65536;
constexpr unsigned frame_deflate = 1;

/// The arrays of the group `frames`, which grow block by block.
class FrameArrays {
 public:
  FrameArrays(const h5::Group& root, const RunHeader& h)
      : group_(root.create_group("frames")),
        time_(create<std::int64_t>("time", "s", Scale{h.tick, 0.0}, "device time, end of the frame's average")),
        x_(create<std::int16_t>("x", "m", h.x, "measured position")),
        y_(create<std::int16_t>("y", "m", h.y, "measured position")),
        z_(create<std::int16_t>("z", "m", h.z, "measured position, away from the sample")),
        E1_(create<std::int16_t>("E1", "V", h.E1, "substrate potential against the quasi-reference electrode")),
        i1_(create<std::int16_t>("i1", "A", h.i1, "current, anodic positive")),
        tag_(create<std::int16_t>("tag", "1", std::nullopt, "waypoint that the frame belongs to")),
        flags_(create<std::uint16_t>("flags", "1", std::nullopt, "bit 0 current saturated, bit 1 contact")),
        E2_(create<std::int16_t>("E2", "V", h.E2, "second potential")),
        i2_(create<std::int16_t>("i2", "A", h.i2, "second current, anodic positive")) {}

  void add(const FrameColumns& block) {
    require_increasing(block);
    // Whole chunks only: where the blocks of the journal end must not show in the bytes of the file.
    for (std::size_t begin = 0; begin < block.size();) {
      const auto room = static_cast<std::size_t>(frame_chunk) - pending_.size();
      const std::size_t end = std::min(block.size(), begin + room);
      pending_.append(block, begin, end);
      if (pending_.size() >= frame_chunk) write();
      begin = end;
    }
    count_ += block.size();
  }

  std::uint64_t finish() {
    write();
    std::vector<h5::ScaleUse> uses;
    for (const h5::Dataset* array : {&x_, &y_, &z_, &E1_, &i1_, &tag_, &flags_, &E2_, &i2_})
      uses.push_back({array, 0, &time_});
    h5::attach_scales(uses);
    return count_;
  }

 private:
  template <class T>
  h5::Dataset create(std::string_view name, std::string_view unit, std::optional<Scale> scale, std::string_view text) {
    auto array =
        group_.create<T>(name, {.shape = {0}, .chunk = {frame_chunk}, .growing = true, .deflate = frame_deflate});
    array.set("units", unit);
    array.set("long_name", text);
    if (scale) {
      array.set("scale_factor", scale->lsb);
      array.set("add_offset", scale->offset);
    }
    return array;
  }

  void require_increasing(const FrameColumns& block) {
    for (const std::int64_t t : block.tick) {
      if (last_tick_ && t <= *last_tick_) throw InputError("the ticks of the frames do not increase");
      last_tick_ = t;
    }
  }

  void write() {
    time_.append(std::span<const std::int64_t>(pending_.tick));
    x_.append(std::span<const std::int16_t>(pending_.x));
    y_.append(std::span<const std::int16_t>(pending_.y));
    z_.append(std::span<const std::int16_t>(pending_.z));
    E1_.append(std::span<const std::int16_t>(pending_.E1));
    i1_.append(std::span<const std::int16_t>(pending_.i1));
    tag_.append(std::span<const std::int16_t>(pending_.tag));
    flags_.append(std::span<const std::uint16_t>(pending_.flags));
    E2_.append(std::span<const std::int16_t>(pending_.E2));
    i2_.append(std::span<const std::int16_t>(pending_.i2));
    pending_.clear();
  }

  h5::Group group_;
  h5::Dataset time_, x_, y_, z_, E1_, i1_, tag_, flags_, E2_, i2_;
  FrameColumns pending_;
  std::optional<std::int64_t> last_tick_;
  std::uint64_t count_ = 0;
};

/// A greyscale picture with its two dimensions.
template <class T>
h5::Dataset write_pixels(const h5::Group& group, std::string_view name, std::span<const T> pixels, int width,
                         int height) {
  const auto w = static_cast<std::uint64_t>(width);
  const auto h = static_cast<std::uint64_t>(height);
  auto array = group.create<T>(
      name, {.shape = {h, w}, .chunk = {std::min<std::uint64_t>(h, 128), w}, .growing = false, .deflate = 1});
  array.write(pixels);
  array.set("units", "count");
  return array;
}

/// The dimensions of pictures of one size.
struct Sides {
  Sides(const h5::Group& group, int width, int height)
      : row(group.create_dimension("row", static_cast<std::uint64_t>(height))),
        column(group.create_dimension("column", static_cast<std::uint64_t>(width))) {}

  void attach_to(std::span<const h5::Dataset* const> pictures) const {
    std::vector<h5::ScaleUse> uses;
    for (const h5::Dataset* picture : pictures) {
      uses.push_back({picture, 0, &row});
      uses.push_back({picture, 1, &column});
    }
    h5::attach_scales(uses);
  }

  h5::Dataset row, column;
};

/// Writes what is large as it comes; rows of tables wait in a scratch file, as the HDF5 file wants them column by
/// column.
class RunBuilder {
 public:
  RunBuilder(const std::filesystem::path& target, const RunHeader& header, std::string_view status)
      : file_(target), root_(file_.root()), scratch_(target) {
    h5::set_schema(root_, run_schema, run_schema_version);
    root_.set("status", status);
    root_.set("created_by", header.software);
    write_record(root_.create_group("header"), header);
    frames_ = std::make_unique<FrameArrays>(root_, header);
    images_ = std::make_unique<h5::Group>(root_.create_group("images"));
    micrographs_ = std::make_unique<h5::Group>(root_.create_group("micrographs"));
  }

  void add(const JournalRecord& record) {
    switch (static_cast<RunRecordKind>(record.kind)) {
      case RunRecordKind::header:
        throw InputError("the journal holds a second header");
      case RunRecordKind::frames:
        return frames_->add(decode_frames(record.payload));
      case RunRecordKind::point:
        return add_point(decode_point(record.payload));
      case RunRecordKind::image:
        return add(decode_image(record.payload));
      case RunRecordKind::reference_calibration:
        return calibrations_.push_back(decode_reference_calibration(record.payload));
      case RunRecordKind::stated:
        return stated_.push_back(decode_stated(record.payload));
      case RunRecordKind::micrograph:
        return add(decode_micrograph(record.payload));
      case RunRecordKind::registration:
        registration_ = decode_registration(record.payload);
        return;
      case RunRecordKind::preflight:
        preflight_ = decode_preflight(record.payload);
        return;
      case RunRecordKind::program:
        return add_program(decode_program(record.payload));
      case RunRecordKind::rig:
        rig_ = decode_rig(record.payload);
        return;
      case RunRecordKind::fault:
        return add_fault(decode_fault(record.payload));
      case RunRecordKind::origin:
        return;  // what the operator of a rig could not know stays out of the run file
    }
    throw InputError("the journal holds a record of the unknown kind " + std::to_string(record.kind));
  }

  Recovery finish(const MoreGroups& more) {
    Recovery found;
    found.frames = frames_->finish();
    found.points = points_.rows();
    frames_.reset();
    images_.reset();
    micrographs_.reset();
    write_table<PointRecord>(root_, "points", points_);
    write_table<LegRow>(root_, "legs", legs_);
    write_table<ProgramRecord>(root_, "programs", programs_);
    write_table<WaypointRow>(root_, "waypoints", waypoints_);
    write_record(root_.create_group("rig"), rig_);
    write_registration();
    write_table<ReferenceCalibration>(root_, "reference_calibrations", calibrations_);
    write_record(root_.create_group("preflight"), preflight_);
    write_table<FaultRecord>(root_, "faults", faults_);
    if (!stated_.empty()) write_table<StatedQuantity>(root_, "stated", stated_);
    if (more) more(root_);
    file_.commit();
    return found;
  }

 private:
  void add_point(PointRecord point) {
    for (const Leg& leg : point.legs) {
      LegRow row{static_cast<std::int64_t>(points_.rows()), leg};
      add_row(legs_, row);
    }
    add_row(points_, point);
  }

  void add_program(ProgramRecord program) {
    for (const WaypointRecord& waypoint : program.waypoints) {
      WaypointRow row{static_cast<std::int64_t>(programs_.rows()), waypoint};
      add_row(waypoints_, row);
    }
    add_row(programs_, program);
  }

  void add_fault(FaultRecord fault) { add_row(faults_, fault); }

  void add(const RunImage& image) {
    require_image_name(image.name);
    const h5::Group group = images_->create_group(image.name);
    write_record(group, without_pixels(image));
    const Sides sides(group, image.width, image.height);
    const auto pixels =
        write_pixels(group, "pixels", std::span<const std::uint16_t>(image.pixels), image.width, image.height);
    const h5::Dataset* pictures[] = {&pixels};
    sides.attach_to(pictures);
  }

  void add(const MicrographRecord& m) {
    const h5::Group group = micrographs_->create_group(micrograph_group(m.point));
    MicrographRecord fields = m;
    write_record(group, fields);
    const Sides sides(group, m.width, m.height);
    const auto everhart =
        write_pixels(group, "everhart_thornley", std::span<const std::uint8_t>(m.everhart_thornley), m.width, m.height);
    const auto in_lens = write_pixels(group, "in_lens", std::span<const std::uint8_t>(m.in_lens), m.width, m.height);
    const h5::Dataset* pictures[] = {&everhart, &in_lens};
    sides.attach_to(pictures);
  }

  void write_registration() {
    const h5::Group group = root_.create_group("registration");
    write_record(group, registration_);
    const h5::Dataset coefficient = group.create_dimension("coefficient", 6);
    auto affine = group.create<double>("affine", {.shape = {6}, .chunk = {}, .growing = false, .deflate = 0});
    affine.write(std::span<const double>(registration_.affine));
    affine.set("units", "m, m/pixel, m/pixel, m, m/pixel, m/pixel");
    const h5::ScaleUse use[] = {{&affine, 0, &coefficient}};
    h5::attach_scales(use);
    write_table<Registration::Match>(group, "matches", registration_.matches);
  }

  h5::OutputFile file_;
  h5::Group root_;
  std::unique_ptr<FrameArrays> frames_;
  std::unique_ptr<h5::Group> images_, micrographs_;
  ScratchFile scratch_;
  TableWriter points_{scratch_}, legs_{scratch_}, programs_{scratch_}, waypoints_{scratch_}, faults_{scratch_};
  RigRecord rig_;
  std::vector<ReferenceCalibration> calibrations_;
  std::vector<StatedQuantity> stated_;
  Registration registration_;
  Preflight preflight_;
};

}  // namespace

Recovery build_run(const std::filesystem::path& journal, const std::filesystem::path& target, std::string_view status,
                   const MoreGroups& more) {
  JournalReader reader(journal);
  JournalRecord record;
  if (!reader.next(record) || record.kind != static_cast<std::uint32_t>(RunRecordKind::header))
    throw InputError("cannot read '" + journal.string() +
                     "': the journal ends before its header; nothing was recorded");
  RunBuilder builder(target, decode_header(record.payload), status);
  while (reader.next(record)) builder.add(record);
  Recovery found = builder.finish(more);
  found.torn_bytes = reader.torn_bytes();
  return found;
}

Recovery rebuild_run(const std::filesystem::path& journal, const std::filesystem::path& target) {
  return build_run(journal, target, "interrupted");
}

}  // namespace seccm::files
