// `seccm`: parse, run the verb, turn what went wrong into one paragraph and an exit status.
#include <fmt/format.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <new>
#include <string_view>
#include <system_error>

#include "cli/interrupt.hpp"
#include "cli/options.hpp"
#include "cli/verbs.hpp"
#include "sim/error.hpp"

namespace {

bool main_is_over = false;

constexpr const char* no_memory =
    "not enough memory. Files that were there are as they were; what a scan had measured is in its journal, and "
    "`--resume` goes on with it where there is more. A smaller scenario or `--threads 1` needs less";

constexpr const char* no_threads =
    "the system gives no more threads or processes. What a scan had measured is in its journal, and `--resume` goes on "
    "with it. `--threads 1` needs fewer, `ulimit -u` says how many there may be";

/// libgomp, and nothing else here, ends the process in the middle: it has said why.
void end_without_threads(int status, void* /*nothing*/) {
  if (status != EXIT_FAILURE || main_is_over) return;
  fmt::print(stderr, "seccm: {}\n", no_threads);
  std::_Exit(seccm::cli::no_resource);
}

/// At once: threads of libraries that wait for memory would be waited for.
[[noreturn]] void end_without_memory() {
  fmt::print(stderr, "seccm: {}\n", no_memory);
  std::_Exit(seccm::cli::no_resource);
}

std::terminate_handler usual_end = nullptr;

/// Of a thread that no memory is left for: nobody there catches it.
[[noreturn]] void end_of_a_thread() {
  try {
    if (const auto thrown = std::current_exception()) std::rethrow_exception(thrown);
  } catch (const std::bad_alloc&) {
    end_without_memory();
  } catch (...) {
    usual_end();
  }
  usual_end();
  std::abort();
}

}  // namespace

int main(int argc, char** argv) {
  using namespace seccm;
  on_exit(end_without_threads, nullptr);
  usual_end = std::set_terminate(end_of_a_thread);
  // A file at the limit of its size is to be an error of the write, not the end of the process.
  std::signal(SIGXFSZ, SIG_IGN);
  const auto fail = [](int status, const char* kind, const char* what) {
    fmt::print(stderr, "seccm: {}{}\n", kind, what);
    main_is_over = true;
    return status;
  };
  try {
    const cli::Invocation invocation = cli::parse_command_line(argc, argv);
    const int status = std::visit([](const auto& options) { return cli::run(options); }, invocation);
    main_is_over = true;
    return status;
  } catch (const ResourceError& error) {
    return fail(cli::no_resource, "", error.what());
  } catch (const InputError& error) {
    return fail(cli::bad_input, "", error.what());
  } catch (const DeviceError& error) {
    return fail(cli::device_fault, "device fault: ", error.what());
  } catch (const Cancelled& error) {
    return fail(cli::interrupted_status, "interrupted: ", error.what());
  } catch (const SolverError& error) {
    return fail(cli::gate_failed, "the solver gave up: ", error.what());
  } catch (const std::bad_alloc&) {
    end_without_memory();
  } catch (const std::system_error& error) {  // threads that the system does not give, files of the standard library
    const bool threads = error.code() == std::errc::resource_unavailable_try_again;
    return fail(cli::no_resource, "", threads ? no_threads : error.what());
  } catch (const std::exception& error) {
    // OpenCV's errors have one type, whatever they say.
    if (std::string_view(error.what()).find("Insufficient memory") != std::string_view::npos) end_without_memory();
    return fail(cli::gate_failed, "internal error: ", error.what());
  }
}
