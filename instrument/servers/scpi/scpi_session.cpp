#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "instrument/servers/scpi/scpi_source_meter.hpp"

namespace seccm::instrument::servers {

namespace {

constexpr std::size_t longest_scpi_line = 4096;

class ScpiSession final : public Session {
 public:
  explicit ScpiSession(ScpiSourceMeter& meter) : meter_(meter) {}

  std::string feed(std::string_view bytes) override {
    std::string out;
    while (!bytes.empty()) {
      const std::size_t end = std::min(bytes.find('\n'), bytes.size());
      take(bytes.substr(0, end));
      if (end == bytes.size()) break;
      bytes.remove_prefix(end + 1);
      finish_line(out);
    }
    return out;
  }

 private:
  void take(std::string_view piece) {
    if (line_.size() + piece.size() > longest_scpi_line) overrun_ = true;
    if (!overrun_) line_ += piece;
  }

  void finish_line(std::string& out) {
    const std::string line = std::exchange(line_, {});
    if (std::exchange(overrun_, false)) return meter_.report(input_overrun);
    if (const std::string response = meter_.execute(line); !response.empty()) out += response + '\n';
  }

  ScpiSourceMeter& meter_;
  std::string line_;
  bool overrun_ = false;
};

}  // namespace

SessionFactory scpi_sessions(ScpiSourceMeter& meter) {
  return [&meter] { return std::make_unique<ScpiSession>(meter); };
}

}  // namespace seccm::instrument::servers
