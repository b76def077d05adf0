#include "tests/kill/killed_scan.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstring>
#include <fstream>
#include <iterator>
#include <thread>

#include "files/binary.hpp"
#include "files/journal.hpp"
#include "files/run_journal.hpp"

namespace seccm::kill_test {
namespace fs = std::filesystem;
namespace {

std::vector<std::string> command(const RunFiles& files, const Launch& how) {
  if (!how.instead.empty()) {
    std::vector<std::string> words{SECCM_COMMAND};
    words.insert(words.end(), how.instead.begin(), how.instead.end());
    return words;
  }
  std::vector<std::string> words{SECCM_COMMAND,      "scan",    how.scenario, "-o",
                                 files.run.string(), "--quiet", "--threads",  std::to_string(how.threads)};
  for (const std::string& value : how.overrides) {
    words.emplace_back("--set");
    words.push_back(value);
  }
  if (how.resume) words.emplace_back("--resume");
  return words;
}

void become_command(const RunFiles& files, const Launch& how, const fs::path& log) {
  const int out = ::open(log.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  ::dup2(out, STDOUT_FILENO);
  ::dup2(out, STDERR_FILENO);
  ::setenv("LD_PRELOAD", SECCM_FAULT_SHIM, 1);
  ::setenv("SECCM_ACKNOWLEDGED", files.acknowledged.c_str(), 1);
  ::setenv("SECCM_HEAP", files.heap.c_str(), 1);
  if (!how.fault.empty()) ::setenv("SECCM_FAULT", how.fault.c_str(), 1);
  std::vector<std::string> words = command(files, how);
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  ::execv(argv[0], argv.data());
  ::_exit(127);
}

}  // namespace

RunFiles::RunFiles(const fs::path& directory)
    : run(directory / "run.h5"),
      truth(directory / "run.truth.h5"),
      journal(directory / "run.h5.journal"),
      acknowledged(directory / "acknowledged"),
      heap(directory / "heap") {}

Ending launch(const RunFiles& files, const Launch& how) {
  const fs::path log = files.run.string() + ".log";
  const auto start = std::chrono::steady_clock::now();
  const pid_t child = ::fork();
  if (child == 0) become_command(files, how, log);
  if (how.kill_after >= 0.0) {
    std::this_thread::sleep_for(std::chrono::duration<double>(how.kill_after));
    ::kill(child, SIGKILL);
  }
  int raw = 0;
  struct rusage used {};
  ::wait4(child, &raw, 0, &used);
  Ending end;
  end.killed = WIFSIGNALED(raw) && WTERMSIG(raw) == SIGKILL;
  end.status = WIFEXITED(raw) ? WEXITSTATUS(raw) : -1;
  end.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  end.error = bytes_of(log);
  end.peak_kib = used.ru_maxrss;
  end.heap_kib = static_cast<long>(number_in(files.heap) / 1024);
  return end;
}

JournalContent read_journal(const fs::path& path) {
  JournalContent content;
  std::error_code code;
  content.there = fs::exists(path, code);
  if (!content.there) return content;
  content.bytes = fs::file_size(path);
  if (content.bytes < 8) return content;
  files::JournalReader reader(path);
  files::JournalRecord record;
  files::BinaryWriter frames;
  while (reader.next(record)) {
    const auto kind = static_cast<files::RunRecordKind>(record.kind);
    if (kind != files::RunRecordKind::frames) {
      content.others.push_back(std::to_string(record.kind) + ":" + record.payload);
      content.points += kind == files::RunRecordKind::point ? 1U : 0U;
      continue;
    }
    const files::FrameColumns c = files::decode_frames(record.payload);
    for (std::size_t k = 0; k < c.size(); ++k) {
      frames.number(c.tick[k]);
      for (const auto* channel : {&c.x, &c.y, &c.z, &c.E1, &c.i1, &c.tag, &c.E2, &c.i2}) frames.number((*channel)[k]);
      frames.number(c.flags[k]);
    }
  }
  content.frames = frames.bytes();
  content.torn = reader.torn_bytes();
  return content;
}

std::uint64_t number_in(const fs::path& path) {
  const std::string bytes = bytes_of(path);
  long long number = 0;
  if (bytes.size() == sizeof number) std::memcpy(&number, bytes.data(), sizeof number);
  return static_cast<std::uint64_t>(number);
}

std::string prefix_violation(const JournalContent& part, const JournalContent& whole) {
  if (!whole.frames.starts_with(part.frames)) return "the frames are no prefix of those of the undisturbed run";
  if (part.others.size() > whole.others.size()) return "there are more records than in the undisturbed run";
  for (std::size_t k = 0; k < part.others.size(); ++k)
    if (part.others[k] != whole.others[k]) return "record " + std::to_string(k) + " is not that of the undisturbed run";
  return {};
}

std::string bytes_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

}  // namespace seccm::kill_test
