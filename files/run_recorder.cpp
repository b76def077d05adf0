#include <unistd.h>

#include <set>
#include <stdexcept>

#include "files/atomic_file.hpp"
#include "files/journal.hpp"
#include "files/recorded_past.hpp"
#include "files/run_file.hpp"
#include "files/run_journal.hpp"
#include "files/whole_points.hpp"
#include "sim/error.hpp"

namespace seccm::files {
namespace {

std::string kept_in(const std::filesystem::path& journal) {
  return "The measured data are safe in '" + journal.string() + "'";
}

}  // namespace

struct RunRecorder::Impl {
  Impl(std::filesystem::path where, JournalUse use) : target(std::move(where)) {
    const std::filesystem::path path = target.string() + ".journal";
    if (use == JournalUse::begin) {
      journal = std::make_unique<JournalWriter>(path);
    } else {
      journal = std::make_unique<JournalWriter>(path, ContinueJournal{});
      if (use == JournalUse::resume) {
        past = std::make_unique<RecordedPast>(path);
      } else {
        const WholePoints whole = find_whole_points(path);
        past = std::make_unique<RecordedPast>(path, whole.end);
        if (!past->over()) takes_over = whole.ended_by;
        on_hardware = true;
      }
    }
  }

  /// A resumed run that ends inside its past has written nothing and may write nothing.
  [[nodiscard]] bool catching_up() const { return past && !past->over(); }

  [[nodiscard]] std::optional<std::string> take_over_due() const {
    if (past && !past->over()) return past->next_take_over();
    return takes_over;
  }

  /// The run file beside its journal.
  void build(std::string_view status, const MoreGroups& more);

  void write(RunRecordKind kind, const std::string& payload) {
    if (past && past->repeats(kind, payload)) return;
    live().append(static_cast<std::uint32_t>(kind), payload);
  }

  /// The writer, with the past behind it.
  JournalWriter& live() {
    if (past) {
      // What hardware measured and does not measure again stays readable.
      if (on_hardware && std::filesystem::file_size(writer().path()) > past->end_position()) writer().keep_copy();
      writer().truncate(past->end_position(), past->end_sequence());
      past.reset();
    }
    return writer();
  }

  void start(const RunHeader& header, std::string_view origin) {
    const std::string encoded = encode(header);
    if (past && past->repeats_start(header, origin)) return;
    live().append(static_cast<std::uint32_t>(RunRecordKind::header), encoded);
    if (!origin.empty()) writer().append(static_cast<std::uint32_t>(RunRecordKind::origin), encode_origin(origin));
    writer().commit();
  }

  void commit() {
    if (!past) writer().commit();
  }

  JournalWriter& writer() {
    if (!journal) throw std::logic_error("RunRecorder: the run is finalised; nothing can be added");
    return *journal;
  }

  void flush_frames() {
    if (pending.size() == 0) return;
    live().append(static_cast<std::uint32_t>(RunRecordKind::frames), encode(pending), sync_of_frames);
    pending.clear();
  }

  /// Everything so far, then the record: a record never stands before the frames that it speaks of.
  void add(RunRecordKind kind, const std::string& payload) {
    flush_frames();
    write(kind, payload);
  }

  std::filesystem::path target;
  std::unique_ptr<JournalWriter> journal;
  std::unique_ptr<RecordedPast> past;  // of a resumed run
  FrameColumns pending;                // not yet in the journal
  bool on_hardware = false;
  std::optional<std::string> takes_over;  // why it still has to, at the end of its past
  Sync sync_of_frames = Sync::here;       // aside where the host runs the probe: it can not wait for a disk
  std::uint64_t frames = 0, programs = 0;
  std::int64_t last_tick = 0;  // of the last frame
  std::set<std::string, std::less<>> image_names;
  std::set<int> micrograph_points;
};

RunRecorder::RunRecorder(std::filesystem::path target, const RunHeader& header, JournalUse use,
                         std::string_view origin) {
  require_writable(target);
  (void)encode(header);  // throws for what can not be stored, before there is a file
  impl_ = std::make_unique<Impl>(std::move(target), use);
  impl_->start(header, origin);
}

bool RunRecorder::catching_up() const {
  return impl_->catching_up();
}

RunRecorder::~RunRecorder() {
  if (!impl_->journal) return;
  try {
    impl_->flush_frames();
    impl_->commit();
  } catch (const InputError&) {
    // The disk is full: what reached the journal stays readable, and there is nobody left to tell.
    return;
  }
}

void RunRecorder::append(std::span<const PackedFrame> frames) {
  for (const PackedFrame& frame : frames) {
    if (impl_->frames > 0 && frame.tick <= impl_->last_tick)
      throw InputError("frame " + std::to_string(impl_->frames) + " has tick " + std::to_string(frame.tick) +
                       ", not after tick " + std::to_string(impl_->last_tick) + " of the frame before it");
    impl_->last_tick = frame.tick;
    ++impl_->frames;
    if (impl_->past && impl_->past->repeats(frame)) continue;
    impl_->pending.push_back(frame);
    if (impl_->pending.size() >= frames_per_record) impl_->flush_frames();
  }
}

std::uint64_t RunRecorder::frame_count() const {
  return impl_->frames;
}

void RunRecorder::add(const PointRecord& point) {
  impl_->add(RunRecordKind::point, encode(point));
  impl_->commit();
}

void RunRecorder::add(const RunImage& image) {
  require_image_name(image.name);
  require_image_size("image '" + image.name + "'", image.width, image.height, image.pixels.size());
  if (!impl_->image_names.insert(image.name).second)
    throw InputError("the run already holds an image named '" + image.name + "'; a new name is expected");
  RunImage placed = image;
  placed.programs_before = impl_->programs;
  impl_->add(RunRecordKind::image, encode(placed));
}

void RunRecorder::add(const ReferenceCalibration& calibration) {
  impl_->add(RunRecordKind::reference_calibration, encode(calibration));
}

void RunRecorder::add(const MicrographRecord& micrograph) {
  const std::string what = "micrograph of point " + std::to_string(micrograph.point);
  require_image_size(what, micrograph.width, micrograph.height, micrograph.everhart_thornley.size());
  require_image_size(what, micrograph.width, micrograph.height, micrograph.in_lens.size());
  if (!impl_->micrograph_points.insert(micrograph.point).second) throw InputError("the run already holds a " + what);
  impl_->add(RunRecordKind::micrograph, encode(micrograph));
}

void RunRecorder::set(const Registration& registration) {
  impl_->add(RunRecordKind::registration, encode(registration));
}

void RunRecorder::set(const Preflight& preflight) {
  impl_->add(RunRecordKind::preflight, encode(preflight));
}

std::optional<std::string> RunRecorder::take_over_due() const {
  return impl_->take_over_due();
}

void RunRecorder::add(const StatedQuantity& stated) {
  impl_->add(RunRecordKind::stated, encode(stated));
}

void RunRecorder::add(const FaultRecord& fault) {
  if (!impl_->catching_up() && fault.fault == taken_over) impl_->takes_over.reset();
  impl_->add(RunRecordKind::fault, encode(fault));
  impl_->commit();
}

void RunRecorder::add(const ProgramRecord& program) {
  impl_->add(RunRecordKind::program, encode(program));
  ++impl_->programs;
}

void RunRecorder::set(const RigRecord& rig) {
  impl_->sync_of_frames = rig.device_side_contact ? Sync::here : Sync::aside;
  impl_->add(RunRecordKind::rig, encode(rig));
}

void RunRecorder::Impl::build(std::string_view status, const MoreGroups& more) {
  if (status != "complete" && status != "interrupted")
    throw std::logic_error("RunRecorder: the status of a run is \"complete\" or \"interrupted\"");
  if (catching_up())
    throw ResumeError("cannot resume '" + journal->path().string() +
                      "': the run ended now before it had made what the journal holds. The journal is as it was");
  flush_frames();
  live().commit();
  try {
    build_run(journal->path(), target, status, more);
  } catch (const ResourceError& error) {
    throw ResourceError(std::string(error.what()) + ". " + kept_in(journal->path()));
  } catch (const InputError& error) {
    throw InputError(std::string(error.what()) + ". " + kept_in(journal->path()));
  }
}

void RunRecorder::finalise(std::string_view status, const MoreGroups& more) {
  impl_->build(status, more);
  const std::filesystem::path journal = impl_->journal->path();
  impl_->journal.reset();
  ::unlink(journal.c_str());
}

void RunRecorder::finalise_resumable() {
  impl_->build("interrupted", {});
  impl_->journal.reset();
}

}  // namespace seccm::files
