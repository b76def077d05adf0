// `seccm`: parse, run the verb, turn what went wrong into one paragraph and an exit status.
#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <new>

#include "cli/interrupt.hpp"
#include "cli/options.hpp"
#include "cli/verbs.hpp"
#include "sim/error.hpp"

int main(int argc, char** argv) {
  using namespace seccm;
  const auto fail = [](int status, const char* kind, const char* what) {
    fmt::print(stderr, "seccm: {}{}\n", kind, what);
    return status;
  };
  try {
    const cli::Invocation invocation = cli::parse_command_line(argc, argv);
    return std::visit([](const auto& options) { return cli::run(options); }, invocation);
  } catch (const InputError& error) {
    return fail(cli::bad_input, "", error.what());
  } catch (const DeviceError& error) {
    return fail(cli::device_fault, "device fault: ", error.what());
  } catch (const Cancelled& error) {
    return fail(cli::interrupted_status, "interrupted: ", error.what());
  } catch (const SolverError& error) {
    return fail(cli::gate_failed, "the solver gave up: ", error.what());
  } catch (const std::bad_alloc&) {
    return fail(cli::bad_input, "", "not enough memory for this scenario");
  } catch (const std::exception& error) {
    return fail(cli::gate_failed, "internal error: ", error.what());
  }
}
