#include "config/parameter_table.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "config/parameter_text.hpp"
#include "config/toml_writer.hpp"

namespace seccm::config {
namespace {

class Collector final : public ParameterVisitor {
 public:
  explicit Collector(ParameterTable& table) : table_(table) {}

  void begin_section(std::string_view key, std::string_view text) override {
    sections_.push_back(joined(key));
    table_.sections.push_back({sections_.back(), std::string(text)});
  }
  void end_section() override { sections_.pop_back(); }

  void quantity(const ParameterInfo& info, Dimension dimension, double& si) override {
    ParameterRow& row = add(info, ParameterRow::Kind::quantity);
    row.value = toml_quantity(info, dimension, si);
    row.shown = readable_text(si, info.unit, dimension);
    row.accepted = accepted_range(info);
  }
  void quantities(const ParameterInfo& info, Dimension dimension, std::vector<double>& si) override {
    ParameterRow& row = add(info, ParameterRow::Kind::quantities);
    row.value = toml_quantities(info, dimension, si);
    for (const double value : si)
      row.shown += (row.shown.empty() ? "" : ", ") + readable_text(value, info.unit, dimension);
    row.shown = "[" + row.shown + "]";
    row.accepted = "a list, each " + accepted_range(info);
  }
  void integer(const ParameterInfo& info, long long& value) override {
    ParameterRow& row = add(info, ParameterRow::Kind::integer);
    row.shown = row.value = fmt::format("{}", value);
    row.accepted = accepted_integers(info);
  }
  void boolean(const ParameterInfo& info, bool& value) override {
    ParameterRow& row = add(info, ParameterRow::Kind::boolean);
    row.shown = row.value = value ? "true" : "false";
    row.accepted = "true or false";
  }
  void text(const ParameterInfo& info, std::string& value) override {
    ParameterRow& row = add(info, ParameterRow::Kind::text);
    row.shown = row.value = toml_text(value);
    row.accepted = "text";
  }
  void choice(const ParameterInfo& info, std::span<const std::string_view> names, int& index) override {
    ParameterRow& row = add(info, ParameterRow::Kind::choice);
    row.value = toml_text(names[static_cast<std::size_t>(index)]);
    row.shown = names[static_cast<std::size_t>(index)];
    row.accepted = one_of(names);
  }

 private:
  [[nodiscard]] std::string joined(std::string_view key) const {
    return sections_.empty() ? std::string(key) : sections_.back() + "." + std::string(key);
  }
  ParameterRow& add(const ParameterInfo& info, ParameterRow::Kind kind) {
    ParameterRow row;
    row.kind = kind;
    row.path = joined(info.key);
    row.section = sections_.empty() ? "" : sections_.back();
    row.key = info.key;
    row.unit = info.unit == "1" ? "" : std::string(info.unit);
    row.source = info.source;
    row.text = info.text;
    row.grade = letter(info.grade).front();
    table_.rows.push_back(std::move(row));
    return table_.rows.back();
  }

  ParameterTable& table_;
  std::vector<std::string> sections_;
};

}  // namespace

const ParameterRow* ParameterTable::find(std::string_view path) const {
  const auto at = std::find_if(rows.begin(), rows.end(), [path](const ParameterRow& row) { return row.path == path; });
  return at == rows.end() ? nullptr : &*at;
}

std::vector<std::string> ParameterTable::paths() const {
  std::vector<std::string> all;
  all.reserve(rows.size());
  for (const ParameterRow& row : rows) all.push_back(row.path);
  return all;
}

ParameterTable collect_parameters(const std::function<void(ParameterVisitor&)>& visit) {
  ParameterTable table;
  Collector collector(table);
  visit(collector);
  return table;
}

}  // namespace seccm::config
