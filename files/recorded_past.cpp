#include "files/recorded_past.hpp"

#include <sstream>
#include <utility>

#include "files/run_file.hpp"

namespace seccm::files {
namespace {

std::string_view name_of(RunRecordKind kind) {
  switch (kind) {
    case RunRecordKind::header:
      return "header";
    case RunRecordKind::frames:
      return "block of frames";
    case RunRecordKind::point:
      return "point";
    case RunRecordKind::image:
      return "image";
    case RunRecordKind::reference_calibration:
      return "reference calibration";
    case RunRecordKind::micrograph:
      return "micrograph";
    case RunRecordKind::registration:
      return "registration";
    case RunRecordKind::preflight:
      return "preflight";
    case RunRecordKind::program:
      return "program";
    case RunRecordKind::rig:
      return "description of the rig";
    case RunRecordKind::origin:
      return "origin";
    case RunRecordKind::fault:
      return "fault";
    case RunRecordKind::stated:
      return "statement of the user";
  }
  return "unknown record";
}

RunRecordKind kind_of(const JournalRecord& record) {
  return static_cast<RunRecordKind>(record.kind);
}

bool is_micrograph(const JournalRecord& record) {
  return kind_of(record) == RunRecordKind::micrograph;
}

bool is_interrupted_point(const JournalRecord& record) {
  return kind_of(record) == RunRecordKind::point && decode_point(record.payload).verdict == "interrupted";
}

bool is_aborted_program(const JournalRecord& record) {
  return kind_of(record) == RunRecordKind::program && decode_program(record.payload).end == ProgramEnd::aborted;
}

PackedFrame frame_of(const FrameColumns& c, std::size_t k) {
  return {.tick = c.tick[k],
          .x = c.x[k],
          .y = c.y[k],
          .z = c.z[k],
          .E1 = c.E1[k],
          .i1 = c.i1[k],
          .tag = c.tag[k],
          .flags = c.flags[k],
          .E2 = c.E2[k],
          .i2 = c.i2[k]};
}

bool same(const PackedFrame& a, const PackedFrame& b) {
  return a.tick == b.tick && a.x == b.x && a.y == b.y && a.z == b.z && a.E1 == b.E1 && a.i1 == b.i1 && a.tag == b.tag &&
         a.flags == b.flags && a.E2 == b.E2 && a.i2 == b.i2;
}

std::string in_words(const PackedFrame& f) {
  std::ostringstream out;
  out << "tick " << f.tick << ", x " << f.x << ", y " << f.y << ", z " << f.z << ", E1 " << f.E1 << ", i1 " << f.i1
      << ", tag " << f.tag << ", flags " << f.flags << ", E2 " << f.E2 << ", i2 " << f.i2;
  return out.str();
}

}  // namespace

std::string first_difference(std::string_view then, std::string_view now) {
  std::istringstream a{std::string(then)}, b{std::string(now)};
  std::string section, line_a, line_b;
  for (;;) {
    const bool more_a = static_cast<bool>(std::getline(a, line_a)), more_b = static_cast<bool>(std::getline(b, line_b));
    if (!more_a && !more_b) return "";
    if (!more_a) line_a = "nothing";
    if (!more_b) line_b = "nothing";
    if (line_a != line_b) return section + line_a + " in the journal, " + line_b + " now";
    if (line_a.starts_with('[')) section = line_a + " ";
  }
}

std::string difference_of_origin(const RunHeader& then, std::string_view origin_then, const RunHeader& now,
                                 std::string_view origin) {
  if (then.software != now.software) return "the journal was written by " + then.software + ", this is " + now.software;
  if (then.seed != now.seed)
    return "the seed is " + std::to_string(then.seed) + " in the journal, " + std::to_string(now.seed) + " now";
  if (then.scenario_text != now.scenario_text)
    return "the scenario differs: " + first_difference(then.scenario_text, now.scenario_text);
  if (origin_then != origin) return "the rest of the scenario differs: " + first_difference(origin_then, origin);
  return "";
}

RecordedPast::RecordedPast(const std::filesystem::path& journal, std::optional<std::uint64_t> end)
    : path_(journal), latest_end_(end), reader_(journal) {
  advance();
}

std::optional<std::string> RecordedPast::next_take_over() const {
  if (over_ || next_frame_ < block_.size() || kind_of(record_) != RunRecordKind::fault) return std::nullopt;
  const FaultRecord fault = decode_fault(record_.payload);
  if (fault.fault != taken_over) return std::nullopt;
  return fault.detail;
}

/// The record without the times that the host's clock gave it, where these need not come again.
std::string RecordedPast::comparable(RunRecordKind kind, std::string_view payload) const {
  if (!latest_end_) return std::string(payload);
  switch (kind) {
    case RunRecordKind::point: {
      PointRecord point = decode_point(payload);
      // Of a frame, and the recorder keeps that to a tick.
      point.t_start = point.t_contact = point.t_end = 0.0;
      return encode(point);
    }
    case RunRecordKind::program: {
      ProgramRecord program = decode_program(payload);
      program.t_start = program.t_end = 0.0;
      return encode(program);
    }
    case RunRecordKind::reference_calibration: {
      ReferenceCalibration calibration = decode_reference_calibration(payload);
      calibration.t = 0.0;
      return encode(calibration);
    }
    case RunRecordKind::fault: {
      FaultRecord fault = decode_fault(payload);
      fault.t = 0.0;
      return encode(fault);
    }
    case RunRecordKind::rig: {
      RigRecord rig = decode_rig(payload);
      rig.t = 0.0;
      return encode(rig);
    }
    default:
      return std::string(payload);
  }
}

std::optional<RecordedPast::Place> RecordedPast::take() {
  if (ahead_) return std::exchange(ahead_, std::nullopt);
  Place place{.record = {}, .position = reader_.position(), .sequence = reader_.sequence()};
  if (!reader_.next(place.record)) return std::nullopt;
  return place;
}

void RecordedPast::advance() {
  auto place = take();
  end_position_ = place ? place->position : reader_.position();
  end_sequence_ = place ? place->sequence : reader_.sequence();
  over_ = !place || (latest_end_ ? place->position >= *latest_end_ : is_interrupted_point(place->record));
  if (over_) return;
  record_ = std::move(place->record);
  if (latest_end_ || !is_aborted_program(record_)) return;
  // A fault aborts programs as well, and the scan goes on behind it; after a stop request nothing follows.
  ahead_ = take();
  over_ = !ahead_ || is_interrupted_point(ahead_->record) || is_micrograph(ahead_->record);
}

/// After a scan that was asked to stop, micrographs stand where a resumed one goes on with something else.
bool RecordedPast::ends_here(RunRecordKind made) {
  if (!over_ && is_micrograph(record_) && made != RunRecordKind::micrograph) over_ = true;
  return over_;
}

void RecordedPast::fail(const std::string& what) const {
  throw ResumeError("cannot resume '" + path_.string() + "': " + what +
                    ". The journal is as it was; `--rescue` builds a run file of what it holds");
}

bool RecordedPast::repeats(const PackedFrame& frame) {
  if (next_frame_ >= block_.size()) {
    if (ends_here(RunRecordKind::frames)) return false;
    if (kind_of(record_) != RunRecordKind::frames)
      fail("a " + std::string(name_of(kind_of(record_))) + " stands in the journal where the scan now made frame " +
           std::to_string(frames_));
    block_ = decode_frames(record_.payload);
    next_frame_ = 0;
    advance();
    if (block_.size() == 0) return repeats(frame);
  }
  const PackedFrame then = frame_of(block_, next_frame_);
  if (!same(then, frame))
    fail("frame " + std::to_string(frames_) + " of the journal (" + in_words(then) + ") is not the one made now (" +
         in_words(frame) + ")");
  ++next_frame_;
  ++frames_;
  return true;
}

bool RecordedPast::repeats(RunRecordKind kind, std::string_view payload) {
  if (next_frame_ >= block_.size() && ends_here(kind)) return false;
  const std::string made = "a " + std::string(name_of(kind)) + " was made now behind frame " + std::to_string(frames_);
  if (next_frame_ < block_.size()) fail(made + ", where the journal holds more frames");
  if (kind_of(record_) != kind) fail(made + ", where the journal holds a " + std::string(name_of(kind_of(record_))));
  if (record_.payload != payload && comparable(kind, record_.payload) != comparable(kind, payload))
    fail(made + ", other than the one in the journal");
  advance();
  return true;
}

bool RecordedPast::repeats_start(const RunHeader& now, std::string_view origin) {
  if (over_) return false;
  if (kind_of(record_) != RunRecordKind::header) fail("the journal does not begin with a header");
  const RunHeader then = decode_header(record_.payload);
  const bool equal = record_.payload == encode(now);
  const std::uint64_t start = end_position_;
  advance();
  if (over_) {
    end_position_ = start;
    end_sequence_ = 0;
    return false;
  }
  std::string origin_then;
  if (!over_ && kind_of(record_) == RunRecordKind::origin) {
    origin_then = decode_origin(record_.payload);
    advance();
  }
  // The rig before the origin: what it digitises follows from the twin's side of the scenario.
  if (const std::string other = difference_of_origin(then, origin, now, origin); !other.empty()) fail(other);
  if (!equal) fail("the rig digitises in another way than the one in the journal (scales, tick or camera)");
  if (const std::string other = difference_of_origin(then, origin_then, now, origin); !other.empty()) fail(other);
  return true;
}

}  // namespace seccm::files
