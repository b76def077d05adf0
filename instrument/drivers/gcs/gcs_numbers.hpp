// Numbers in the replies of a GCS controller: the whole text, or none.
#pragma once

#include <optional>
#include <string_view>

namespace seccm::instrument::drivers {

std::optional<int> gcs_whole_number(std::string_view text, int base);
std::optional<double> gcs_finite_number(std::string_view text);

}  // namespace seccm::instrument::drivers
