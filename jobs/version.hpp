// Name and version of this software, as every file states them.
#pragma once

#include <string>

namespace seccm::jobs {

/// "seccm-twin 0.1.0"
std::string software_name();
/// The same with the commit that was built, where the source was a Git checkout: "seccm-twin 0.1.0 (05b886b)".
std::string software_with_commit();

}  // namespace seccm::jobs
