#include "files/import/unitpackage.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "files/import/json_text.hpp"
#include "files/import/text_table.hpp"
#include "sim/error.hpp"

namespace seccm::files {
namespace {

using Json = nlohmann::json;

const Json* first_fields(const Json& json) {
  const Json::json_pointer place("/resources/0/schema/fields");
  if (!json.is_object() || !json.contains(place)) return nullptr;
  const Json& fields = json.at(place);
  return fields.is_array() && fields.size() <= most_columns ? &fields : nullptr;
}

std::string text_of(const Json& field, const char* key) {
  const auto found = field.is_object() ? field.find(key) : field.end();
  return field.is_object() && found != field.end() && found->is_string() ? found->get<std::string>() : std::string();
}

}  // namespace

bool is_unitpackage(std::string_view json) {
  return first_fields(parse_json_text(json)) != nullptr;
}

ForeignRecording parse_unitpackage(std::string_view csv, std::string_view json_text, PlainTableOptions options,
                                   std::string_view name) {
  const Json json = parse_json_text(json_text);
  const Json* fields = first_fields(json);
  if (fields == nullptr)
    throw InputError(fmt::format("{}: its JSON holds no resources[0].schema.fields; accepted is a data package", name));
  options.format = "unitpackage";
  for (const Json& field : *fields) {
    const std::string label = text_of(field, "name"), unit = text_of(field, "unit");
    options.labels.push_back(unit.empty() ? label : label + " [" + unit + "]");
    if (text_of(field, "description") == "anodic positive")
      options.stated = {Polarity::iupac, "the field '" + label.substr(0, 40) + "' is described as anodic positive"};
  }
  ForeignRecording out = parse_plain_table(csv, options, name);
  const Json::json_pointer system("/resources/0/metadata/echemdb/electrochemical system");
  const auto number = [&](const char* key) {
    const Json::json_pointer place = system / key / "value";
    return json.contains(place) && json.at(place).is_number() ? json.at(place).get<double>() : 0.0;
  };
  if (const double d = number("pipette diameter"); d > 0.0 && d < 1e-2) out.pipette_diameter = d;
  if (const double offset = number("potential of the reference electrode against Li/Li+");
      offset != 0.0 && std::abs(offset) < 10.0)
    out.calibrations.push_back({.t = 0.0, .offset_vs_Li = offset, .valid = true});
  return out;
}

}  // namespace seccm::files
