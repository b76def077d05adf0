// Name, version and commit of this software, as every file states them.
#pragma once

#include <string>

namespace seccm::jobs {

/// "seccm-twin 0.1.0 (05b886b)"; without the commit where the source was no Git checkout.
std::string software();

}  // namespace seccm::jobs
