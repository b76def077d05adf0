#include "instrument/servers/gige/gige_features.hpp"

#include <algorithm>

namespace seccm::instrument::servers {

namespace {

constexpr GigeChoice acquisition_modes[] = {{"Continuous", 0}, {"SingleFrame", 1}, {"MultiFrame", 2}};
constexpr GigeChoice formats[] = {{"Mono8", gige_mono_8}, {"Mono16", gige_mono_16}};
constexpr GigeChoice frame_start[] = {{"FrameStart", 0}};
constexpr GigeChoice off_and_on[] = {{"Off", 0}, {"On", 1}};
constexpr GigeChoice software[] = {{"Software", 0}};
constexpr GigeChoice rising_edge[] = {{"RisingEdge", 0}};
constexpr GigeChoice timed[] = {{"Timed", 0}};
constexpr GigeChoice off[] = {{"Off", 0}};

constexpr std::string_view format = "ImageFormatControl", acquisition = "AcquisitionControl", analog = "AnalogControl",
                           transport = "TransportLayerControl";
constexpr double side = gige_longest_side;

constexpr GigeFeature table[] = {
    {.name = "SensorWidth", .group = format, .address = 0x20000, .high = side, .unit = "px"},
    {.name = "SensorHeight", .group = format, .address = 0x20004, .high = side, .unit = "px"},
    {.name = "WidthMax", .group = format, .address = 0x20000, .high = side, .unit = "px"},
    {.name = "HeightMax", .group = format, .address = 0x20004, .high = side, .unit = "px"},
    {.name = "Width",
     .group = format,
     .address = 0x20008,
     .writable = true,
     .fixed_while_acquiring = true,
     .low = 1,
     .high = side,
     .unit = "px",
     .whole = "SensorWidth",
     .beside = "OffsetX"},
    {.name = "Height",
     .group = format,
     .address = 0x2000C,
     .writable = true,
     .fixed_while_acquiring = true,
     .low = 1,
     .high = side,
     .unit = "px",
     .whole = "SensorHeight",
     .beside = "OffsetY"},
    {.name = "OffsetX",
     .group = format,
     .address = 0x20010,
     .writable = true,
     .high = side,
     .unit = "px",
     .whole = "SensorWidth",
     .beside = "Width"},
    {.name = "OffsetY",
     .group = format,
     .address = 0x20014,
     .writable = true,
     .high = side,
     .unit = "px",
     .whole = "SensorHeight",
     .beside = "Height"},
    {.name = "PixelFormat",
     .group = format,
     .address = 0x20018,
     .kind = GigeKind::choice,
     .writable = true,
     .fixed_while_acquiring = true,
     .choices = formats},
    {.name = "BinningHorizontal", .group = format, .address = 0x2001C, .writable = true, .low = 1, .high = 1},
    {.name = "BinningVertical", .group = format, .address = 0x20020, .writable = true, .low = 1, .high = 1},
    {.name = "AcquisitionMode",
     .group = acquisition,
     .address = 0x20024,
     .kind = GigeKind::choice,
     .writable = true,
     .fixed_while_acquiring = true,
     .choices = acquisition_modes},
    {.name = "AcquisitionFrameCount",
     .group = acquisition,
     .address = 0x20028,
     .writable = true,
     .fixed_while_acquiring = true,
     .low = 1,
     .high = 65535},
    {.name = "AcquisitionStart", .group = acquisition, .address = 0x2002C, .kind = GigeKind::command, .writable = true},
    {.name = "AcquisitionStop", .group = acquisition, .address = 0x20030, .kind = GigeKind::command, .writable = true},
    {.name = "AcquisitionFrameRate",
     .group = acquisition,
     .address = 0x20038,
     .kind = GigeKind::real,
     .writable = true,
     .low = 0.01,
     .high = 1000,
     .unit = "Hz"},
    {.name = "TriggerSelector",
     .group = acquisition,
     .address = 0x20040,
     .kind = GigeKind::choice,
     .writable = true,
     .choices = frame_start},
    {.name = "TriggerMode",
     .group = acquisition,
     .address = 0x20044,
     .kind = GigeKind::choice,
     .writable = true,
     .choices = off_and_on},
    {.name = "TriggerSource",
     .group = acquisition,
     .address = 0x20048,
     .kind = GigeKind::choice,
     .writable = true,
     .choices = software},
    {.name = "TriggerActivation",
     .group = acquisition,
     .address = 0x2004C,
     .kind = GigeKind::choice,
     .writable = true,
     .choices = rising_edge},
    {.name = "TriggerSoftware", .group = acquisition, .address = 0x20050, .kind = GigeKind::command, .writable = true},
    {.name = "ExposureMode",
     .group = acquisition,
     .address = 0x20054,
     .kind = GigeKind::choice,
     .writable = true,
     .choices = timed},
    {.name = "ExposureAuto",
     .group = acquisition,
     .address = 0x20058,
     .kind = GigeKind::choice,
     .writable = true,
     .choices = off},
    {.name = "ExposureTime",
     .group = acquisition,
     .address = 0x20060,
     .kind = GigeKind::real,
     .writable = true,
     .low = 10,
     .high = 1e7,
     .unit = "us"},
    {.name = "ExposureTimeAbs",
     .group = acquisition,
     .address = 0x20060,
     .kind = GigeKind::real,
     .writable = true,
     .low = 10,
     .high = 1e7,
     .unit = "us"},
    {.name = "Gain", .group = analog, .address = 0x20068, .kind = GigeKind::real, .writable = true, .unit = "dB"},
    {.name = "GainAuto",
     .group = analog,
     .address = 0x20070,
     .kind = GigeKind::choice,
     .writable = true,
     .choices = off},
    {.name = "PayloadSize", .group = transport, .address = 0x20074, .high = 2 * side * side, .unit = "B"},
    {.name = "GevHeartbeatTimeout",
     .group = transport,
     .address = 0x938,
     .writable = true,
     .low = gige_shortest_heartbeat,
     .high = gige_longest_heartbeat,
     .unit = "ms"},
    {.name = "GevSCPD",
     .group = transport,
     .address = 0xD08,
     .writable = true,
     .high = gige_longest_packet_delay,
     .unit = "ns"},
};

}  // namespace

std::span<const GigeFeature> gige_features() {
  return table;
}

const GigeFeature* gige_feature(std::string_view name) {
  const auto* at = std::find_if(std::begin(table), std::end(table), [&](const auto& f) { return f.name == name; });
  return at == std::end(table) ? nullptr : at;
}

const GigeFeature* gige_feature_at(std::uint32_t address) {
  const auto* at =
      std::find_if(std::begin(table), std::end(table), [&](const auto& f) { return f.address == address; });
  return at == std::end(table) ? nullptr : at;
}

}  // namespace seccm::instrument::servers
