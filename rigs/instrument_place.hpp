// Where an instrument is, as [hardware] names it: HOST:PORT, or the device of a serial line.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "instrument/drivers/wire/byte_stream.hpp"

namespace seccm::rigs {

using OpenWire = std::function<instrument::Result<std::unique_ptr<instrument::drivers::ByteStream>>()>;

/// How to open the wire to `place`. Throws InputError, naming `key`, for a place that is neither.
OpenWire way_to(const std::string& place, int baud, double timeout, std::string_view key);

}  // namespace seccm::rigs
