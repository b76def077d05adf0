// Name and version of this software, as every file states them.
#pragma once

#include <string>

namespace seccm::scenarios {

/// "seccm-twin 0.1.0"
std::string software_name();

}  // namespace seccm::scenarios
