#include "files/whole_points.hpp"

#include "files/journal.hpp"
#include "files/run_file.hpp"
#include "files/run_journal.hpp"

namespace seccm::files {
namespace {

constexpr const char* process_died = "the process died";

/// Reads records in their order.
class Search {
 public:
  explicit Search(WholePoints& found) : found_(found) {}

  /// `end`: of the record, in the journal.
  void look(const JournalRecord& record, std::uint64_t end) {
    switch (static_cast<RunRecordKind>(record.kind)) {
      case RunRecordKind::header:
        found_.header = decode_header(record.payload);
        return;
      case RunRecordKind::origin:
        found_.origin = decode_origin(record.payload);
        return;
      case RunRecordKind::rig:
        found_.rig = decode_rig(record.payload);
        return;
      case RunRecordKind::program:
        return look(decode_program(record.payload));
      case RunRecordKind::fault:
        return look(decode_fault(record.payload));
      case RunRecordKind::point:
        return look(decode_point(record.payload), end);
      default:
        return;
    }
  }

 private:
  void look(const ProgramRecord& program) {
    if (program.end == ProgramEnd::aborted || program.end == ProgramEnd::faulted) disturbed_ = true;
  }

  void look(const FaultRecord& fault) {
    if (fault.device.empty()) return;
    disturbed_ = true;
    fault_ = fault.fault + " of '" + fault.device + "' at point " + std::to_string(fault.point);
    found_.ended_by = fault.fault + " (" + fault.device + ": " + fault.detail + ")";
  }

  void look(const PointRecord& point, std::uint64_t end) {
    if (point.verdict == "interrupted" || point.verdict.starts_with("fault: ")) {
      disturbed_ = true;
    } else if (disturbed_) {
      found_.obstacle = "the run went on after a device fault" + (fault_.empty() ? "" : " (" + fault_ + ")") +
                        ", which can not be played back";
    } else {
      found_.end = end;
      ++found_.points;
      found_.ended_by = process_died;
    }
  }

  WholePoints& found_;
  bool disturbed_ = false;
  std::string fault_;
};

}  // namespace

WholePoints find_whole_points(const std::filesystem::path& journal) {
  WholePoints found;
  found.ended_by = process_died;
  Search search(found);
  JournalReader reader(journal);
  JournalRecord record;
  while (reader.next(record)) search.look(record, reader.position());
  return found;
}

void build_whole_points(const std::filesystem::path& journal, const WholePoints& found,
                        const std::filesystem::path& target) {
  const std::filesystem::path copy = target.string() + ".journal";
  struct Absent {
    explicit Absent(const std::filesystem::path& where) : path(where) { remove(); }
    ~Absent() { remove(); }
    void remove() const {
      std::error_code ignored;
      std::filesystem::remove(path, ignored);
    }
    const std::filesystem::path& path;
  } before_and_after{copy};
  {
    JournalWriter writer(copy);
    JournalReader reader(journal);
    JournalRecord record;
    while (reader.position() < found.end && reader.next(record)) writer.append(record.kind, record.payload);
  }
  (void)rebuild_run(copy, target);
}

}  // namespace seccm::files
