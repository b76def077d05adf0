#include "scenarios/scenario_text.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <fstream>
#include <system_error>

#include "files/atomic_file.hpp"
#include "scenarios/library.hpp"
#include "sim/error.hpp"

namespace seccm::scenarios {

std::string read_text_file(const std::filesystem::path& path) {
  std::error_code code;
  const auto status = std::filesystem::status(path, code);
  if (code == std::errc::permission_denied) files::throw_read_error(path, code.value());
  if (code || !std::filesystem::exists(status)) {
    const auto near = nearest_scenario(path);
    throw InputError(fmt::format("{}: no such file; {}`seccm list scenarios` shows the ready-made ones", path.string(),
                                 near ? fmt::format("did you mean \"{}\"? ", *near) : ""));
  }
  if (std::filesystem::is_directory(status)) {
    throw InputError(fmt::format("{}: is a directory; a scenario file (*.toml) is accepted", path.string()));
  }
  std::ifstream in(path, std::ios::binary);
  if (!in) files::throw_read_error(path, errno);
  std::string text(max_scenario_bytes + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (in.bad()) throw InputError(fmt::format("{}: can not be read", path.string()));
  if (text.size() > max_scenario_bytes) {
    throw InputError(
        fmt::format("{}: larger than {} bytes: this is not a scenario file", path.string(), max_scenario_bytes));
  }
  return text;
}

}  // namespace seccm::scenarios
