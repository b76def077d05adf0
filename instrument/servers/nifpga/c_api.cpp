#include "instrument/servers/nifpga/c_api.hpp"

#include <cstdint>
#include <cstdio>
#include <exception>
#include <memory>
#include <mutex>
#include <span>
#include <type_traits>
#include <utility>

namespace {

using seccm::instrument::nifpga::FpgaDevice;
using seccm::instrument::nifpga::make_served_fpga;
using seccm::instrument::nifpga::ServedFpga;
using seccm::instrument::wecspm::DataType;
using seccm::instrument::wecspm::ViState;
namespace status = seccm::instrument::wecspm::fpga_status;

using Status = std::int32_t;
using Session = std::uint32_t;

constexpr std::uint32_t open_without_run = 1;

/// The one rig of this process and the session that has it.
struct Process {
  std::mutex mutex;
  std::shared_ptr<ServedFpga> rig;  ///< also of the calls that are under way
  Session session = 0;
  Session last = 0;
};

Process& process() {
  static Process the_process;
  return the_process;
}

template <class Call>
Status guarded(const Call& call) {
  try {
    return call();
  } catch (const std::exception& problem) {
    std::fprintf(stderr, "libNiFpga (seccm): %s\n", problem.what());
    return status::software_fault;
  }
}

std::shared_ptr<ServedFpga> rig_of(Session session) {
  Process& p = process();
  const std::lock_guard lock(p.mutex);
  return session == p.session ? p.rig : nullptr;
}

template <class Call>
Status with(Session session, const Call& call) {
  return guarded([&] {
    const std::shared_ptr<ServedFpga> rig = rig_of(session);
    if (!rig) return status::invalid_session;
    return call(rig->target());
  });
}

Status open_rig(const char* bitfile, const char* signature, const char* resource, std::uint32_t attribute,
                Session* session) {
  Process& p = process();
  const std::lock_guard lock(p.mutex);
  if (p.rig) return status::resource_not_found;
  std::shared_ptr<ServedFpga> rig = make_served_fpga();
  Status result = rig->target().open(bitfile, signature, resource);
  if (result == 0 && (attribute & open_without_run) == 0) result = rig->target().run();
  if (result != 0) return result;
  p.rig = std::move(rig);
  p.session = *session = ++p.last;
  return result;
}

template <class T>
Status read_as(Session session, std::uint32_t address, DataType type, T* value) {
  if (value == nullptr) return status::invalid_parameter;
  return with(session, [&](FpgaDevice& target) {
    std::int64_t wide = 0;
    const Status result = target.read(address, type, wide);
    if (result == 0) *value = static_cast<T>(wide);
    return result;
  });
}

Status write_as(Session session, std::uint32_t address, DataType type, std::int64_t value) {
  return with(session, [&](FpgaDevice& target) { return target.write(address, type, value); });
}

enum FifoProperty : std::uint32_t {
  bytes_per_element = 1,
  buffer_granularity_elements = 2,
  buffer_size_elements = 3,
  mirrored_elements = 4,
  dma_buffer_type = 5,
  flow_control = 7,
  elements_currently_acquired = 8,
  preferred_numa_node = 9,
};

// Two bytes of an I16; a buffer that the driver allocates, not mirrored, on any node; flow control on; no element is
// lent out.
Status fifo_property(FpgaDevice& target, std::uint32_t fifo, std::uint32_t property, std::int64_t& value) {
  std::size_t depth = 0;
  if (const Status result = target.fifo_depth(fifo, depth); result != 0) return result;
  switch (property) {
    case bytes_per_element:
    case flow_control:
      value = 2;
      return status::success;
    case buffer_granularity_elements:
    case dma_buffer_type:
      value = 1;
      return status::success;
    case buffer_size_elements:
      value = static_cast<std::int64_t>(depth);
      return status::success;
    case mirrored_elements:
    case elements_currently_acquired:
      value = 0;
      return status::success;
    case preferred_numa_node:
      value = -1;
      return status::success;
    default:
      return status::invalid_parameter;
  }
}

template <class T>
Status get_fifo_property(Session session, std::uint32_t fifo, std::uint32_t property, T* value) {
  if (value == nullptr) return status::invalid_parameter;
  return with(session, [&](FpgaDevice& target) {
    std::int64_t wide = 0;
    const Status result = fifo_property(target, fifo, property, wide);
    if (result == 0) *value = static_cast<T>(wide);
    return result;
  });
}

Status set_fifo_property(Session session, std::uint32_t fifo, std::uint32_t property, std::int64_t value) {
  return with(session, [&](FpgaDevice& target) {
    if (property == buffer_size_elements && value >= 0) {
      std::size_t actual = 0;
      return target.configure_fifo(fifo, static_cast<std::size_t>(value), actual);
    }
    std::int64_t present = 0;
    const Status result = fifo_property(target, fifo, property, present);
    if (result != 0) return result;
    return present == value ? status::success : status::invalid_parameter;
  });
}

}  // namespace

#define SECCM_EXPORT extern "C" __attribute__((visibility("default")))

SECCM_EXPORT Status NiFpgaDll_Open(const char* bitfile, const char* signature, const char* resource,
                                   std::uint32_t attribute, Session* session) {
  if (bitfile == nullptr || signature == nullptr || resource == nullptr || session == nullptr) {
    return status::invalid_parameter;
  }
  return guarded([&] { return open_rig(bitfile, signature, resource, attribute, session); });
}

SECCM_EXPORT Status NiFpgaDll_Close(Session session, std::uint32_t) {
  return guarded([&] {
    Process& p = process();
    const std::lock_guard lock(p.mutex);
    if (!p.rig || session != p.session) return status::invalid_session;
    const Status result = p.rig->target().close();
    p.rig.reset();
    p.session = 0;
    return result;
  });
}

SECCM_EXPORT Status NiFpgaDll_Reset(Session session) {
  return with(session, [](FpgaDevice& target) { return target.reset(); });
}

SECCM_EXPORT Status NiFpgaDll_Run(Session session, std::uint32_t attribute) {
  return with(session, [&](FpgaDevice& target) {
    if (attribute == 0) return target.run();
    std::fprintf(stderr, "libNiFpga (seccm): running until the VI is done is refused: it never is\n");
    return status::invalid_parameter;
  });
}

SECCM_EXPORT Status NiFpgaDll_Abort(Session session) {
  return with(session, [](FpgaDevice& target) { return target.abort(); });
}

SECCM_EXPORT Status NiFpgaDll_Download(Session session) {
  return with(session, [](FpgaDevice& target) { return target.download(); });
}

SECCM_EXPORT Status NiFpgaDll_GetFpgaViState(Session session, std::uint32_t* state) {
  if (state == nullptr) return status::invalid_parameter;
  return with(session, [&](FpgaDevice& target) {
    ViState found = ViState::invalid;
    const Status result = target.state(found);
    *state = static_cast<std::uint32_t>(found);
    return result;
  });
}

SECCM_EXPORT Status NiFpgaDll_ConfigureFifo2(Session session, std::uint32_t fifo, std::size_t depth,
                                             std::size_t* actual) {
  return with(session, [&](FpgaDevice& target) {
    std::size_t got = 0;
    const Status result = target.configure_fifo(fifo, depth, got);
    if (actual != nullptr) *actual = got;
    return result;
  });
}

SECCM_EXPORT Status NiFpgaDll_ConfigureFifo(Session session, std::uint32_t fifo, std::size_t depth) {
  return NiFpgaDll_ConfigureFifo2(session, fifo, depth, nullptr);
}

SECCM_EXPORT Status NiFpgaDll_StartFifo(Session session, std::uint32_t fifo) {
  return with(session, [&](FpgaDevice& target) { return target.start_fifo(fifo); });
}

SECCM_EXPORT Status NiFpgaDll_StopFifo(Session session, std::uint32_t fifo) {
  return with(session, [&](FpgaDevice& target) { return target.stop_fifo(fifo); });
}

SECCM_EXPORT Status NiFpgaDll_WriteFifoI16(Session session, std::uint32_t fifo, const std::int16_t* data,
                                           std::size_t count, std::uint32_t timeout_ms, std::size_t* room) {
  if (data == nullptr && count > 0) return status::invalid_parameter;
  return with(session, [&](FpgaDevice& target) {
    std::size_t left = 0;
    const Status result = target.write_fifo(fifo, {data, count}, timeout_ms, left);
    if (room != nullptr) *room = left;
    return result;
  });
}

SECCM_EXPORT Status NiFpgaDll_ReadFifoI16(Session session, std::uint32_t fifo, std::int16_t* data, std::size_t count,
                                          std::uint32_t timeout_ms, std::size_t* remaining) {
  if (data == nullptr && count > 0) return status::invalid_parameter;
  return with(session, [&](FpgaDevice& target) {
    std::size_t left = 0;
    const Status result = target.read_fifo(fifo, {data, count}, timeout_ms, left);
    if (remaining != nullptr) *remaining = left;
    return result;
  });
}

/// A change of the buffer's size takes effect as it is set.
SECCM_EXPORT Status NiFpgaDll_CommitFifoConfiguration(Session session, std::uint32_t fifo) {
  return with(session, [&](FpgaDevice& target) {
    std::size_t depth = 0;
    return target.fifo_depth(fifo, depth);
  });
}

SECCM_EXPORT Status NiFpgaDll_UnreserveFifo(Session session, std::uint32_t fifo) {
  return with(session, [&](FpgaDevice& target) { return target.stop_fifo(fifo); });
}

#define SECCM_FIFO_PROPERTY(NAME, TYPE)                                                                            \
  SECCM_EXPORT Status NiFpgaDll_GetFifoProperty##NAME(Session session, std::uint32_t fifo, std::uint32_t property, \
                                                      std::add_pointer_t<TYPE> value) {                            \
    return get_fifo_property(session, fifo, property, value);                                                      \
  }                                                                                                                \
  SECCM_EXPORT Status NiFpgaDll_SetFifoProperty##NAME(Session session, std::uint32_t fifo, std::uint32_t property, \
                                                      TYPE value) {                                                \
    return set_fifo_property(session, fifo, property, static_cast<std::int64_t>(value));                           \
  }
SECCM_FIFO_PROPERTY(I32, std::int32_t)
SECCM_FIFO_PROPERTY(U32, std::uint32_t)
SECCM_FIFO_PROPERTY(I64, std::int64_t)
SECCM_FIFO_PROPERTY(U64, std::uint64_t)
#undef SECCM_FIFO_PROPERTY

#define SECCM_REGISTER(NAME, TYPE, KIND)                                                                             \
  SECCM_EXPORT Status NiFpgaDll_Read##NAME(Session session, std::uint32_t address, std::add_pointer_t<TYPE> value) { \
    return read_as(session, address, DataType::KIND, value);                                                         \
  }                                                                                                                  \
  SECCM_EXPORT Status NiFpgaDll_Write##NAME(Session session, std::uint32_t address, TYPE value) {                    \
    return write_as(session, address, DataType::KIND, static_cast<std::int64_t>(value));                             \
  }
SECCM_REGISTER(Bool, std::uint8_t, boolean)
SECCM_REGISTER(U8, std::uint8_t, u8)
SECCM_REGISTER(I16, std::int16_t, i16)
SECCM_REGISTER(I32, std::int32_t, i32)
SECCM_REGISTER(U32, std::uint32_t, u32)
SECCM_REGISTER(U64, std::uint64_t, u64)
#undef SECCM_REGISTER

// Fixed-point registers travel as arrays of one word.
SECCM_EXPORT Status NiFpgaDll_ReadArrayU32(Session session, std::uint32_t address, std::uint32_t* array,
                                           std::size_t size) {
  return size == 1 ? read_as(session, address, DataType::fixed_point, array) : status::invalid_parameter;
}

SECCM_EXPORT Status NiFpgaDll_WriteArrayU32(Session session, std::uint32_t address, const std::uint32_t* array,
                                            std::size_t size) {
  if (array == nullptr || size != 1) return status::invalid_parameter;
  return write_as(session, address, DataType::fixed_point, *array);
}
