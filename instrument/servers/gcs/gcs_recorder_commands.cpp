#include <fmt/format.h>

#include <algorithm>

#include "instrument/servers/gcs/gcs_commands.hpp"
#include "instrument/servers/gcs/gcs_error.hpp"

namespace seccm::instrument::servers {

namespace {

using C = GcsController;
using W = GcsWords;

int table_of(const std::string& word) {
  const int table = gcs_integer(word);
  if (table < 1 || table > GcsRecorder::tables) throw GcsFailure{GcsError::no_record_table};
  return table - 1;
}

/// Tables named by `words` from `first` on; all if there are none.
std::vector<int> tables_of(const W& words, std::size_t first = 0) {
  std::vector<int> tables;
  for (std::size_t k = first; k < words.size(); ++k) tables.push_back(table_of(words[k]));
  if (words.size() <= first) {
    for (int table = 0; table < GcsRecorder::tables; ++table) tables.push_back(table);
  }
  return tables;
}

std::string configure(C& c, const W& w) {
  gcs_expect(w, 3, 3);
  const int table = table_of(w[0]), source = gcs_integer(w[1]), option = gcs_integer(w[2]);
  if (option < 0 || option > 3) throw GcsFailure{GcsError::no_record_option};
  if (source < 1 || source > c.axes()) throw GcsFailure{GcsError::no_record_source};
  c.recorder().configure(table, {source, static_cast<RecordOption>(option)});
  return {};
}

std::string arm(C& c, const W& w) {
  gcs_expect(w, 3, 3);
  // All tables share one trigger, as they share one rate.
  if (gcs_integer(w[0]) != 0) table_of(w[0]);
  const int source = gcs_integer(w[1]);
  gcs_number(w[2]);  // a value that these triggers have no use for
  if (source != 0 && source != 1 && source != 2 && source != 4) throw GcsFailure{GcsError::out_of_range};
  c.arm_recorder(static_cast<RecordTrigger>(source));
  return {};
}

template <class Value>
std::string per_table(const W& words, Value value) {
  std::vector<std::string> lines;
  for (int table : tables_of(words)) lines.push_back(fmt::format("{}={}", table + 1, value(table)));
  return gcs_lines(lines);
}

std::string_view quantity(RecordOption option) {
  if (option == RecordOption::target) return "Target Position";
  if (option == RecordOption::position) return "Actual Position";
  return "Position Error";
}

std::vector<std::string> header(C& c, const std::vector<int>& tables, std::size_t count) {
  std::vector<std::string> names;
  for (const int table : tables) {
    const auto& channel = c.recorder().channel(table);
    names.push_back(fmt::format("{} of Axis AXIS:{}", quantity(channel.option), channel.source));
  }
  return gcs_array_header(names, count, c.recorder().sample_time());
}

/// What the recorder can be told, in the sections that clients look for.
std::string options(C&, const W& w) {
  gcs_expect(w, 0, 0);
  return gcs_lines({"#RecordOptions", "0=Nothing is recorded", "1=Target Position of axis", "2=Actual Position of axis",
                    "3=Position Error of axis", "#TriggerOptions", "0=wave generator start (WGO)",
                    "1=position changing command", "2=next command", "4=at once", "#Parameters to be set with SPA",
                    "#Additional information", fmt::format("{} record tables", GcsRecorder::tables),
                    fmt::format("{} datapoints per table", GcsRecorder::most_points), "#Sources for Record Options",
                    "axis=1,2,3", "end of help"});
}

std::vector<int> recorded_tables(C& c, const W& w) {
  std::vector<int> tables = tables_of(w, 2);
  const auto nothing = [&](int table) { return c.recorder().channel(table).option == RecordOption::nothing; };
  if (w.size() <= 2) std::erase_if(tables, nothing);
  if (tables.empty() || std::any_of(tables.begin(), tables.end(), nothing)) {
    throw GcsFailure{GcsError::table_not_configured};
  }
  return tables;
}

std::string read(C& c, const W& w) {
  gcs_expect(w, 0, 2 + GcsRecorder::tables);
  const int first = w.empty() ? 1 : gcs_integer(w[0], 1, GcsRecorder::most_points);
  const int wanted = w.size() < 2 ? 0 : gcs_integer(w[1], 1, GcsRecorder::most_points);
  const auto tables = recorded_tables(c, w);
  const auto begin = static_cast<std::size_t>(first) - 1;
  if (wanted > 0) c.wait_for_samples(tables.front(), begin + static_cast<std::size_t>(wanted));
  // A table that was configured anew is empty while the others keep what they hold.
  std::size_t recorded = GcsRecorder::most_points;
  for (const int table : tables) recorded = std::min(recorded, c.recorder().data(table).size());
  if (begin >= recorded) throw GcsFailure{GcsError::not_enough_data};
  const std::size_t count =
      wanted > 0 ? std::min(static_cast<std::size_t>(wanted), recorded - begin) : recorded - begin;
  auto lines = header(c, tables, count);
  for (std::size_t k = begin; k < begin + count; ++k) {
    std::string line;
    for (int table : tables)
      line += fmt::format("{}{:.6e}", line.empty() ? "" : " ", c.recorder().data(table)[k] + 0.0);
    lines.push_back(std::move(line));
  }
  return gcs_lines(lines);
}

constexpr GcsCommand recorder_table[] = {
    {"DRC", "<RecTableID> <Source> <RecOption> Set Data Recorder Configuration", configure},
    {"DRC?", "[{<RecTableID>}] Get Data Recorder Configuration",
     [](C& c, const W& w) {
       return per_table(w, [&](int t) {
         const auto& channel = c.recorder().channel(t);
         return fmt::format("{} {}", channel.source, static_cast<int>(channel.option));
       });
     }},
    {"DRT", "<RecTableID> <TriggerSource> <Value> Set Data Recorder Trigger Source", arm},
    {"DRT?", "[{<RecTableID>}] Get Data Recorder Trigger Source",
     [](C& c, const W& w) {
       return per_table(w, [&](int) { return fmt::format("{} 0", static_cast<int>(c.recorder().trigger())); });
     }},
    {"DRR?", "[<StartPoint> [<NumberOfPoints> [{<RecTableID>}]]] Get Recorded Data Values", read},
    {"DRL?", "[{<RecTableID>}] Get Number Of Recorded Points",
     [](C& c, const W& w) { return per_table(w, [&](int t) { return std::to_string(c.recorder().data(t).size()); }); }},
    {"HDR?", "Get All Data Recorder Options", options},
    {"RTR", "<RecordTableRate> Set Record Table Rate",
     [](C& c, const W& w) {
       gcs_expect(w, 1, 1);
       c.recorder().set_rate(gcs_integer(w[0], 1, GcsRecorder::most_rate));
       return std::string();
     }},
    {"RTR?", "Get Record Table Rate",
     [](C& c, const W& w) {
       gcs_expect(w, 0, 0);
       return gcs_lines({std::to_string(c.recorder().rate())});
     }},
    {"TNR?", "Get Number Of Record Tables",
     [](C&, const W& w) {
       gcs_expect(w, 0, 0);
       return gcs_lines({std::to_string(GcsRecorder::tables)});
     }},
};

}  // namespace

std::span<const GcsCommand> gcs_recorder_commands() {
  return recorder_table;
}

}  // namespace seccm::instrument::servers
