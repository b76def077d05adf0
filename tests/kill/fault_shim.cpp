// Preloaded into the command by the kill tests: stands between it and the system's file calls.
//
// SECCM_FAULT=CALL:NUMBER:ACTION:PART   at the NUMBER-th CALL on a file whose path contains PART. CALL: write, pwrite,
//   fdatasync, fsync, rename, unlink. ACTION: kill_before, kill_after; for write and pwrite torn (half of the bytes,
//   then dead); enospc and eio let this and every later such call fail.
// SECCM_ACKNOWLEDGED=FILE   after each sync of a journal its size goes there: what the run may rely on.
// SECCM_HEAP=FILE           when the journal is removed, the most bytes of the heap that were in use at any write so
// far.
#include <dlfcn.h>
#include <fcntl.h>
#include <malloc.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

struct Plan {
  std::string call, action, part;
  long number = 0, seen = 0;

  Plan() {
    const char* text = std::getenv("SECCM_FAULT");
    if (text == nullptr) return;
    std::string_view rest(text);
    const auto next = [&rest] {
      const auto colon = rest.find(':');
      const std::string word(rest.substr(0, colon));
      rest = colon == std::string_view::npos ? std::string_view{} : rest.substr(colon + 1);
      return word;
    };
    call = next();
    number = std::atol(next().c_str());
    action = next();
    part = std::string(rest);
  }
};

Plan& plan() {
  static Plan the_plan;
  return the_plan;
}

std::string path_of(int descriptor) {
  char buffer[4096];
  const std::string link = "/proc/self/fd/" + std::to_string(descriptor);
  const ssize_t n = readlink(link.c_str(), buffer, sizeof buffer);
  return n > 0 ? std::string(buffer, static_cast<std::size_t>(n)) : std::string();
}

/// The action that this call is to suffer; "" for none.
std::string_view due(std::string_view call, const std::string& path) {
  Plan& p = plan();
  if (p.call != call || path.find(p.part) == std::string::npos) return {};
  const long n = ++p.seen;
  const bool lasting = p.action == "enospc" || p.action == "eio";
  return n == p.number || (lasting && n > p.number) ? std::string_view(p.action) : std::string_view{};
}

void die() {
  kill(getpid(), SIGKILL);
}

int failure(std::string_view action) {
  errno = action == "enospc" ? ENOSPC : EIO;
  return -1;
}

bool fails(std::string_view action) {
  return action == "enospc" || action == "eio";
}

template <class F>
F next_of(const char* name) {
  return reinterpret_cast<F>(dlsym(RTLD_NEXT, name));
}

/// Puts a number into the file that an environment variable names.
void leave(const char* to, long long number) {
  const int out = open(to, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  if (out >= 0) syscall(SYS_pwrite64, out, &number, sizeof number, 0);
  close(out);
}

const char* heap_file() {
  static const char* const file = std::getenv("SECCM_HEAP");
  return file;
}

std::atomic<std::size_t> most_heap = 0;

void watch_heap() {
  if (heap_file() == nullptr) return;
  const struct mallinfo2 now = mallinfo2();
  const std::size_t used = now.uordblks + now.hblkhd;
  if (used > most_heap) most_heap = used;
}

void acknowledge(int descriptor, const std::string& path) {
  static const char* const to = std::getenv("SECCM_ACKNOWLEDGED");
  if (to == nullptr || !path.ends_with(".journal")) return;
  struct stat info {};
  if (fstat(descriptor, &info) != 0) return;
  leave(to, info.st_size);
}

template <class Sync>
int sync_call(const char* name, int descriptor) {
  static const auto real = next_of<Sync>(name);
  const std::string path = path_of(descriptor);
  const std::string_view action = due(name, path);
  if (action == "kill_before") die();
  if (fails(action)) return failure(action);
  const int result = real(descriptor);
  if (result == 0) acknowledge(descriptor, path);
  if (action == "kill_after") die();
  return result;
}

}  // namespace

extern "C" {

ssize_t write(int descriptor, const void* bytes, size_t count) {
  static const auto real = next_of<ssize_t (*)(int, const void*, size_t)>("write");
  watch_heap();
  if (plan().call != "write") return real(descriptor, bytes, count);
  const std::string_view action = due("write", path_of(descriptor));
  if (action == "kill_before") die();
  if (fails(action)) return failure(action);
  const ssize_t result = real(descriptor, bytes, action == "torn" ? count / 2 : count);
  if (action == "kill_after" || action == "torn") die();
  return result;
}

ssize_t pwrite(int descriptor, const void* bytes, size_t count, off_t offset) {
  static const auto real = next_of<ssize_t (*)(int, const void*, size_t, off_t)>("pwrite");
  watch_heap();
  if (plan().call != "pwrite") return real(descriptor, bytes, count, offset);
  const std::string_view action = due("pwrite", path_of(descriptor));
  if (action == "kill_before") die();
  if (fails(action)) return failure(action);
  const ssize_t result = real(descriptor, bytes, action == "torn" ? count / 2 : count, offset);
  if (action == "kill_after" || action == "torn") die();
  return result;
}

ssize_t pwrite64(int descriptor, const void* bytes, size_t count, off64_t offset) {
  return pwrite(descriptor, bytes, count, offset);
}

int fdatasync(int descriptor) {
  return sync_call<int (*)(int)>("fdatasync", descriptor);
}

int fsync(int descriptor) {
  return sync_call<int (*)(int)>("fsync", descriptor);
}

int rename(const char* from, const char* to) noexcept {
  static const auto real = next_of<int (*)(const char*, const char*)>("rename");
  const std::string_view action = due("rename", to);
  if (action == "kill_before") die();
  if (fails(action)) return failure(action);
  const int result = real(from, to);
  if (action == "kill_after") die();
  return result;
}

int unlink(const char* path) noexcept {
  static const auto real = next_of<int (*)(const char*)>("unlink");
  if (heap_file() != nullptr && std::string_view(path).ends_with(".journal"))
    leave(heap_file(), static_cast<long long>(most_heap.load()));
  const std::string_view action = due("unlink", path);
  if (action == "kill_before") die();
  const int result = real(path);
  if (action == "kill_after") die();
  return result;
}

}  // extern "C"
