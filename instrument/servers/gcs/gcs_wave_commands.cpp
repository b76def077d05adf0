#include <fmt/format.h>

#include <algorithm>

#include "instrument/servers/gcs/gcs_commands.hpp"
#include "instrument/servers/gcs/gcs_error.hpp"

namespace seccm::instrument::servers {

namespace {

using C = GcsController;
using W = GcsWords;

int generator_of(const C& c, const std::string& word) {
  const int generator = gcs_integer(word);
  if (generator < 1 || generator > c.axes()) throw GcsFailure{GcsError::no_generator};
  return generator - 1;
}

int wave_table(C& c, const std::string& word) {
  const int table = gcs_integer(word);
  if (table < 1 || table > GcsWaves::tables) throw GcsFailure{GcsError::wave_not_defined};
  if (c.waves().in_use(table)) throw GcsFailure{GcsError::wave_running};
  return table;
}

std::string define(C& c, const W& w) {
  if (w.size() < 3) throw GcsFailure{GcsError::syntax};
  const int table = wave_table(c, w[0]);
  if (w[1] != "X" && w[1] != "&") throw GcsFailure{GcsError::syntax};
  const bool anew = w[1] == "X";
  const std::size_t before = anew ? 0 : c.waves().points(table).size();
  c.waves().append(table, wave_segment(w[2], {w.begin() + 3, w.end()}, before), anew);
  return {};
}

std::string clear(C& c, const W& w) {
  if (w.empty()) throw GcsFailure{GcsError::syntax};
  std::vector<int> tables;
  for (const auto& word : w) tables.push_back(wave_table(c, word));
  for (int table : tables) c.waves().clear(table);
  return {};
}

/// Pairs <generator> <integer>, all read before `set` is called on any.
template <class Set>
std::string per_pair(C& c, const W& w, int low, int high, Set set) {
  if (w.empty() || w.size() % 2 != 0) throw GcsFailure{GcsError::syntax};
  std::vector<std::pair<int, int>> pairs;
  for (std::size_t k = 0; k < w.size(); k += 2) {
    pairs.emplace_back(generator_of(c, w[k]), gcs_integer(w[k + 1], low, high));
  }
  for (const auto& [generator, value] : pairs) set(generator, value);
  return {};
}

std::string select(C& c, const W& w) {
  return per_pair(c, w, 0, GcsWaves::tables, [&](int generator, int table) {
    if (c.waves().generator(generator).running) throw GcsFailure{GcsError::wave_running};
    c.waves().generator(generator).table = table;
  });
}

std::string start(C& c, const W& w) {
  return per_pair(c, w, 0, 65535, [&](int generator, int mode) {
    if (mode > 1) throw GcsFailure{GcsError::wave_start_mode};
    if (mode == 1) return c.start_wave(generator);
    if (c.waves().generator(generator).running) c.halt(generator);
  });
}

std::string rate(C& c, const W& w) {
  // {<generator> <rate> <interpolation>}: 0 is all generators, which share one rate; no interpolation.
  if (w.empty() || w.size() % 3 != 0) throw GcsFailure{GcsError::syntax};
  const int rate = gcs_integer(w[1], 1, GcsWaves::most_rate);
  for (std::size_t k = 0; k < w.size(); k += 3) {
    if (gcs_integer(w[k]) != 0) generator_of(c, w[k]);
    gcs_integer(w[k + 1], rate, rate);
    gcs_integer(w[k + 2], 0, 0);
  }
  if (c.waves().any_running()) throw GcsFailure{GcsError::wave_running};
  c.waves().set_rate(rate);
  return {};
}

/// Tables named by `words` from `first` on; all if there are none.
std::vector<int> wave_tables_of(const W& words, std::size_t first) {
  std::vector<int> tables;
  for (std::size_t k = first; k < words.size(); ++k) {
    tables.push_back(gcs_integer(words[k]));
    if (tables.back() < 1 || tables.back() > GcsWaves::tables) throw GcsFailure{GcsError::wave_not_defined};
  }
  for (int table = 1; words.size() <= first && table <= GcsWaves::tables; ++table) tables.push_back(table);
  return tables;
}

std::string sizes(C&, const W& w) {
  std::vector<std::string> lines;
  for (const int table : wave_tables_of(w, 0)) lines.push_back(fmt::format("{}={}", table, GcsWaves::points_in_all));
  return gcs_lines(lines);
}

/// The one parameter of a table: 1, its length.
std::string lengths(C& c, const W& w) {
  if (w.size() % 2 != 0) throw GcsFailure{GcsError::syntax};
  W named;
  for (std::size_t k = 0; k < w.size(); k += 2) {
    named.push_back(w[k]);
    gcs_integer(w[k + 1], 1, 1);
  }
  std::vector<std::string> lines;
  for (const int table : wave_tables_of(named, 0))
    lines.push_back(fmt::format("{} 1={}", table, c.waves().points(table).size()));
  return gcs_lines(lines);
}

std::string wave_data(C& c, const W& w) {
  gcs_expect(w, 0, 2 + GcsWaves::tables);
  std::vector<int> tables = wave_tables_of(w, 2);
  if (w.size() <= 2) std::erase_if(tables, [&](int table) { return c.waves().points(table).empty(); });
  if (tables.empty()) throw GcsFailure{GcsError::wave_not_defined};
  std::size_t length = GcsWaves::points_in_all;
  for (const int table : tables) length = std::min(length, c.waves().points(table).size());
  const auto begin = static_cast<std::size_t>(w.empty() ? 0 : gcs_integer(w[0], 1, GcsWaves::points_in_all) - 1);
  const auto wanted = static_cast<std::size_t>(w.size() < 2 ? 0 : gcs_integer(w[1], 1, GcsWaves::points_in_all));
  if (begin >= length) throw GcsFailure{GcsError::wave_not_defined};
  const std::size_t end = wanted > 0 ? std::min(begin + wanted, length) : length;
  std::vector<std::string> names;
  for (const int table : tables) names.push_back(fmt::format("Wave Table {}", table));
  auto lines = gcs_array_header(names, end - begin, c.waves().point_time());
  for (std::size_t k = begin; k < end; ++k) {
    std::string line;
    for (const int table : tables)
      line += fmt::format("{}{:.6e}", line.empty() ? "" : " ", c.waves().points(table)[k] + 0.0);
    lines.push_back(std::move(line));
  }
  return gcs_lines(lines);
}

template <class Value>
std::string per_generator(C& c, const W& w, Value value) {
  std::vector<std::string> lines;
  for (int g = 0; g < c.axes(); ++g) {
    bool asked = w.empty();
    for (const auto& word : w) asked = generator_of(c, word) == g || asked;
    if (asked) lines.push_back(fmt::format("{}={}", g + 1, value(g)));
  }
  return gcs_lines(lines);
}

constexpr GcsCommand wave_command_table[] = {
    {"WAV", "<WaveTableID> <AppendWave> <WaveType> <WaveTypeParameters> Set Waveform Definition", define},
    {"WCL", "{<WaveTableID>} Clear Wave Table Data", clear},
    {"WSL", "{<WaveGenID> <WaveTableID>} Set Connection Of Wave Table To Wave Generator", select},
    {"WSL?", "[{<WaveGenID>}] Get Connection Of Wave Table To Wave Generator",
     [](C& c, const W& w) { return per_generator(c, w, [&](int g) { return c.waves().generator(g).table; }); }},
    {"WGC", "{<WaveGenID> <Cycles>} Set Number Of Wave Generator Cycles",
     [](C& c, const W& w) {
       return per_pair(c, w, 0, 1000000000, [&](int g, int cycles) { c.waves().generator(g).cycles = cycles; });
     }},
    {"WGC?", "[{<WaveGenID>}] Get Number Of Wave Generator Cycles",
     [](C& c, const W& w) { return per_generator(c, w, [&](int g) { return c.waves().generator(g).cycles; }); }},
    {"WGO", "{<WaveGenID> <StartMode>} Set Wave Generator Start/Stop Mode", start},
    {"WGO?", "[{<WaveGenID>}] Get Wave Generator Start/Stop Mode",
     [](C& c, const W& w) {
       return per_generator(c, w, [&](int g) { return c.waves().generator(g).running ? 1 : 0; });
     }},
    {"WTR", "{<WaveGenID> <WaveTableRate> <InterpolationType>} Set Wave Table Rate", rate},
    {"WTR?", "[{<WaveGenID>}] Get Wave Table Rate",
     [](C& c, const W& w) { return per_generator(c, w, [&](int) { return fmt::format("{} 0", c.waves().rate()); }); }},
    {"GWD?", "[<StartPoint> [<NumberOfPoints> [{<WaveTableID>}]]] Get Wave Table Data", wave_data},
    {"WAV?", "[{<WaveTableID> <WaveParameterID>}] Get Waveform Definition", lengths},
    {"WMS?", "[{<WaveTableID>}] Get Maximum Size Of Wave Storage", sizes},
    {"TWG?", "Get Number Of Wave Generators",
     [](C& c, const W& w) {
       gcs_expect(w, 0, 0);
       return gcs_lines({std::to_string(c.axes())});
     }},
};

}  // namespace

std::span<const GcsCommand> gcs_wave_commands() {
  return wave_command_table;
}

}  // namespace seccm::instrument::servers
