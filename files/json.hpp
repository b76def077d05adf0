// Records as JSON, through the same `describe` functions as the files. Numbers are written with the fewest digits that
// read back as the same double; the text is the same on every machine.
#pragma once

#include <cmath>
#include <nlohmann/json.hpp>

#include "files/fields.hpp"

namespace seccm::files {

/// Builds one JSON object from the fields of a record. Included by sources only: the JSON header is heavy.
class JsonWriter final : public FieldVisitor {
 public:
  [[nodiscard]] nlohmann::ordered_json take() { return std::move(object_); }

  void real(std::string_view name, std::string_view, double& value) override { object_[std::string(name)] = value; }
  /// JSON has no infinity: null is a side without a limit.
  void limit(std::string_view name, std::string_view, double& value) override {
    object_[std::string(name)] = std::isfinite(value) ? nlohmann::ordered_json(value) : nlohmann::ordered_json();
  }
  void integer(std::string_view name, std::string_view, std::int64_t& value) override {
    object_[std::string(name)] = value;
  }
  void whole(std::string_view name, std::string_view, std::uint64_t& value) override {
    object_[std::string(name)] = value;
  }
  void boolean(std::string_view name, bool& value) override { object_[std::string(name)] = value; }
  void text(std::string_view name, std::string& value) override { object_[std::string(name)] = value; }
  void choice(std::string_view name, std::span<const std::string_view> names, int& value) override {
    object_[std::string(name)] = std::string(names[static_cast<std::size_t>(value)]);
  }
  void reals(std::string_view name, std::string_view, std::vector<double>& values) override {
    object_[std::string(name)] = values;
  }

 private:
  nlohmann::ordered_json object_ = nlohmann::ordered_json::object();
};

template <class Record>
nlohmann::ordered_json to_json_array(std::span<const Record> records) {
  auto list = nlohmann::ordered_json::array();
  for (Record record : records) {
    JsonWriter writer;
    describe(writer, record);
    list.push_back(writer.take());
  }
  return list;
}

/// Text that is not UTF-8 is replaced, never an exception.
inline std::string dump(const nlohmann::ordered_json& document) {
  return document.dump(1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace seccm::files
