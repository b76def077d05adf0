#include "instrument/drivers/wecspm/nifpga_library.hpp"

#include <dlfcn.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <vector>

#include "sim/error.hpp"

namespace seccm::instrument::wecspm {

namespace {

using Session = std::uint32_t;

/// The functions, with the signatures of the vendor's C interface.
struct Functions {
  FpgaStatus (*open)(const char*, const char*, const char*, std::uint32_t, Session*) = nullptr;
  FpgaStatus (*close)(Session, std::uint32_t) = nullptr;
  FpgaStatus (*reset)(Session) = nullptr;
  FpgaStatus (*run)(Session, std::uint32_t) = nullptr;
  FpgaStatus (*state)(Session, std::uint32_t*) = nullptr;
  FpgaStatus (*configure)(Session, std::uint32_t, std::size_t, std::size_t*) = nullptr;
  FpgaStatus (*start)(Session, std::uint32_t) = nullptr;
  FpgaStatus (*stop)(Session, std::uint32_t) = nullptr;
  FpgaStatus (*write_fifo)(Session, std::uint32_t, const std::int16_t*, std::size_t, std::uint32_t,
                           std::size_t*) = nullptr;
  FpgaStatus (*read_fifo)(Session, std::uint32_t, std::int16_t*, std::size_t, std::uint32_t, std::size_t*) = nullptr;
  FpgaStatus (*read_bool)(Session, std::uint32_t, std::uint8_t*) = nullptr;
  FpgaStatus (*read_u8)(Session, std::uint32_t, std::uint8_t*) = nullptr;
  FpgaStatus (*read_i16)(Session, std::uint32_t, std::int16_t*) = nullptr;
  FpgaStatus (*read_i32)(Session, std::uint32_t, std::int32_t*) = nullptr;
  FpgaStatus (*read_u32)(Session, std::uint32_t, std::uint32_t*) = nullptr;
  FpgaStatus (*read_u64)(Session, std::uint32_t, std::uint64_t*) = nullptr;
  FpgaStatus (*write_bool)(Session, std::uint32_t, std::uint8_t) = nullptr;
  FpgaStatus (*write_u8)(Session, std::uint32_t, std::uint8_t) = nullptr;
  FpgaStatus (*write_i16)(Session, std::uint32_t, std::int16_t) = nullptr;
  FpgaStatus (*write_i32)(Session, std::uint32_t, std::int32_t) = nullptr;
  FpgaStatus (*write_u32)(Session, std::uint32_t, std::uint32_t) = nullptr;
  FpgaStatus (*write_u64)(Session, std::uint32_t, std::uint64_t) = nullptr;
};

class Loader {
 public:
  explicit Loader(void* handle) : handle_(handle) {}

  template <class F>
  void find(F*& function, const char* name) {
    // POSIX: the address of a function fits a void pointer.
    function = reinterpret_cast<F*>(dlsym(handle_, name));
    if (function == nullptr) missing_.emplace_back(name);
  }
  [[nodiscard]] const std::vector<std::string>& missing() const { return missing_; }

 private:
  void* handle_;
  std::vector<std::string> missing_;
};

void find_registers(Loader& loader, Functions& f) {
  loader.find(f.read_bool, "NiFpgaDll_ReadBool");
  loader.find(f.read_u8, "NiFpgaDll_ReadU8");
  loader.find(f.read_i16, "NiFpgaDll_ReadI16");
  loader.find(f.read_i32, "NiFpgaDll_ReadI32");
  loader.find(f.read_u32, "NiFpgaDll_ReadU32");
  loader.find(f.read_u64, "NiFpgaDll_ReadU64");
  loader.find(f.write_bool, "NiFpgaDll_WriteBool");
  loader.find(f.write_u8, "NiFpgaDll_WriteU8");
  loader.find(f.write_i16, "NiFpgaDll_WriteI16");
  loader.find(f.write_i32, "NiFpgaDll_WriteI32");
  loader.find(f.write_u32, "NiFpgaDll_WriteU32");
  loader.find(f.write_u64, "NiFpgaDll_WriteU64");
}

Functions find_functions(void* handle, const std::string& name) {
  Functions f;
  Loader loader(handle);
  loader.find(f.open, "NiFpgaDll_Open");
  loader.find(f.close, "NiFpgaDll_Close");
  loader.find(f.reset, "NiFpgaDll_Reset");
  loader.find(f.run, "NiFpgaDll_Run");
  loader.find(f.state, "NiFpgaDll_GetFpgaViState");
  loader.find(f.configure, "NiFpgaDll_ConfigureFifo2");
  loader.find(f.start, "NiFpgaDll_StartFifo");
  loader.find(f.stop, "NiFpgaDll_StopFifo");
  loader.find(f.write_fifo, "NiFpgaDll_WriteFifoI16");
  loader.find(f.read_fifo, "NiFpgaDll_ReadFifoI16");
  find_registers(loader, f);
  if (loader.missing().empty()) return f;
  throw InputError(fmt::format("{}: does not export {}", name, fmt::join(loader.missing(), ", ")));
}

template <class T>
FpgaStatus read_with(FpgaStatus (*function)(Session, std::uint32_t, T*), Session session, std::uint32_t address,
                     std::int64_t& value) {
  T narrow{};
  const FpgaStatus status = function(session, address, &narrow);
  value = static_cast<std::int64_t>(narrow);
  return status;
}

class NiFpgaLibrary final : public NiFpgaApi {
 public:
  explicit NiFpgaLibrary(const std::string& name) : handle_(dlopen(name.c_str(), RTLD_NOW | RTLD_LOCAL)) {
    if (handle_ == nullptr) throw InputError(fmt::format("{}: can not be loaded: {}", name, dlerror()));
    try {
      f_ = find_functions(handle_, name);
    } catch (...) {
      dlclose(handle_);
      throw;
    }
  }
  // The library stays loaded: what it started in its own threads may still run.
  ~NiFpgaLibrary() override = default;
  NiFpgaLibrary(const NiFpgaLibrary&) = delete;
  NiFpgaLibrary& operator=(const NiFpgaLibrary&) = delete;

  FpgaStatus open(const std::string& bitfile, const std::string& signature, const std::string& resource) override {
    constexpr std::uint32_t without_run = 1;
    return f_.open(bitfile.c_str(), signature.c_str(), resource.c_str(), without_run, &session_);
  }
  FpgaStatus close() override { return f_.close(session_, 0); }
  FpgaStatus reset() override { return f_.reset(session_); }
  FpgaStatus run() override { return f_.run(session_, 0); }
  FpgaStatus state(ViState& state) override {
    std::uint32_t number = 1;
    const FpgaStatus status = f_.state(session_, &number);
    state = number <= 3 ? static_cast<ViState>(number) : ViState::invalid;
    return status;
  }
  FpgaStatus read(std::uint32_t address, DataType type, std::int64_t& value) override {
    switch (type) {
      case DataType::boolean:
        return read_with(f_.read_bool, session_, address, value);
      case DataType::u8:
        return read_with(f_.read_u8, session_, address, value);
      case DataType::i16:
        return read_with(f_.read_i16, session_, address, value);
      case DataType::i32:
        return read_with(f_.read_i32, session_, address, value);
      case DataType::u32:
        return read_with(f_.read_u32, session_, address, value);
      case DataType::u64:
        return read_with(f_.read_u64, session_, address, value);
      case DataType::fixed_point:
        break;
    }
    return fpga_status::invalid_parameter;
  }
  FpgaStatus write(std::uint32_t address, DataType type, std::int64_t value) override {
    switch (type) {
      case DataType::boolean:
        return f_.write_bool(session_, address, value != 0 ? 1 : 0);
      case DataType::u8:
        return f_.write_u8(session_, address, static_cast<std::uint8_t>(value));
      case DataType::i16:
        return f_.write_i16(session_, address, static_cast<std::int16_t>(value));
      case DataType::i32:
        return f_.write_i32(session_, address, static_cast<std::int32_t>(value));
      case DataType::u32:
        return f_.write_u32(session_, address, static_cast<std::uint32_t>(value));
      case DataType::u64:
        return f_.write_u64(session_, address, static_cast<std::uint64_t>(value));
      case DataType::fixed_point:
        break;
    }
    return fpga_status::invalid_parameter;
  }
  FpgaStatus configure_fifo(std::uint32_t fifo, std::size_t depth, std::size_t& actual) override {
    return f_.configure(session_, fifo, depth, &actual);
  }
  FpgaStatus start_fifo(std::uint32_t fifo) override { return f_.start(session_, fifo); }
  FpgaStatus stop_fifo(std::uint32_t fifo) override { return f_.stop(session_, fifo); }
  FpgaStatus write_fifo(std::uint32_t fifo, std::span<const std::int16_t> words, std::uint32_t timeout_ms,
                        std::size_t& room) override {
    return f_.write_fifo(session_, fifo, words.data(), words.size(), timeout_ms, &room);
  }
  FpgaStatus read_fifo(std::uint32_t fifo, std::span<std::int16_t> words, std::uint32_t timeout_ms,
                       std::size_t& remaining) override {
    return f_.read_fifo(session_, fifo, words.data(), words.size(), timeout_ms, &remaining);
  }

 private:
  void* handle_;
  Functions f_;
  Session session_ = 0;
};

}  // namespace

std::unique_ptr<NiFpgaApi> load_nifpga(const std::string& name) {
  return std::make_unique<NiFpgaLibrary>(name);
}

}  // namespace seccm::instrument::wecspm
