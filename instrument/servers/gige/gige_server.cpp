#include "instrument/servers/gige/gige_server.hpp"

#include <arv.h>
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>
#include <chrono>
#include <cmath>
#include <cstring>
#include <exception>
#include <limits>
#include <string_view>
#include <thread>
#include <utility>

#include "sim/error.hpp"

namespace seccm::instrument::servers {

namespace {

// Addresses of the bootstrap registers (GigE Vision) and of Aravis' fake camera that have no name in its headers.
constexpr guint32 manufacturer_name = 0x48, model_name = 0x68, heartbeat_timeout = 0x938;
constexpr std::size_t name_length = 32;
constexpr int sensor = 2048;         // px
constexpr double poll_rate = 200.0;  // Hz at which the server looks for a software trigger
// Aravis answers no heartbeat while it waits for a frame: a client must survive the slowest one.
constexpr guint32 patience = 15000;  // ms

/// Aravis goes on without its port if it is taken; we do not.
void require_free(const std::string& address) {
  namespace ip = boost::asio::ip;
  constexpr unsigned short gvcp = 3956;
  boost::system::error_code code;
  const auto parsed = ip::make_address_v4(address, code);
  if (!code) {
    boost::asio::io_context context;
    ip::udp::socket probe(context);
    probe.open(ip::udp::v4(), code);
    if (!code) probe.bind({parsed, gvcp}, code);
  }
  if (code) throw InputError(fmt::format("GigE Vision camera on {}:{}: {}", address, gvcp, code.message()));
}

void require_shape(const CameraProperties& p) {
  if (p.width >= 1 && p.width <= sensor && p.height >= 1 && p.height <= sensor) return;
  throw InputError(
      fmt::format("GigE Vision camera of {} x {} px, accepted are 1 to {} px each way", p.width, p.height, sensor));
}

void write_name(ArvFakeCamera* camera, guint32 address, std::string_view name) {
  std::array<char, name_length> text{};
  std::copy_n(name.begin(), std::min(name.size(), text.size() - 1), text.begin());
  arv_fake_camera_write_memory(camera, address, text.size(), text.data());
}

struct Unref {
  void operator()(ArvGvFakeCamera* camera) const { g_object_unref(camera); }
};

/// Where the client wants its region, and in which format.
struct Region {
  int x, y, width, height;
  ArvPixelFormat format;
};

Region region_of(ArvBuffer* buffer, ArvPixelFormat format) {
  return {arv_buffer_get_image_x(buffer), arv_buffer_get_image_y(buffer), arv_buffer_get_image_width(buffer),
          arv_buffer_get_image_height(buffer), format};
}

/// Copies what lies within both the image and the region; `out` is black elsewhere. `put(index, count)` stores one.
template <class Put>
void cut(const Image& image, const Region& region, Put put) {
  for (int y = 0; y < region.height && region.y + y < image.height; ++y) {
    for (int x = 0; x < region.width && region.x + x < image.width; ++x) {
      const auto from = static_cast<std::size_t>(region.y + y) * static_cast<std::size_t>(image.width) +
                        static_cast<std::size_t>(region.x + x);
      put(static_cast<std::size_t>(y) * static_cast<std::size_t>(region.width) + static_cast<std::size_t>(x),
          image.pixels[from]);
    }
  }
}

}  // namespace

class GigeServer::Impl {
 public:
  Impl(Camera& camera, bench::BenchTime& time, GigeOptions options)
      : camera_(camera), time_(time), options_(std::move(options)) {
    require_free(options_.address);
    static_cast<void>(camera_.connect({}).value());
    properties_ = camera_.properties();
    require_shape(properties_);
    if (options_.serial.empty() || options_.serial.size() > 15) {
      throw InputError(fmt::format("GigE Vision serial '{}', accepted are 1 to 15 characters", options_.serial));
    }
    serve();
  }

  [[nodiscard]] Counts counts() const { return {frames_.load(), failures_.load()}; }

 private:
  void serve();
  static void fill(ArvBuffer* buffer, void* self, guint32 exposure_us, guint32 gain, ArvPixelFormat format);
  void make_frame(ArvBuffer* buffer, guint32 exposure_us, ArvPixelFormat format);
  Result<Image> expose(double exposure);
  void failed(const std::string& what);

  Camera& camera_;
  bench::BenchTime& time_;
  GigeOptions options_;
  CameraProperties properties_;
  std::atomic<std::uint64_t> frames_{0}, failures_{0};
  // Last: its thread calls back into all of the above until it is gone.
  std::unique_ptr<ArvGvFakeCamera, Unref> fake_;
};

void GigeServer::Impl::serve() {
  fake_.reset(arv_gv_fake_camera_new(options_.address.c_str(), options_.serial.c_str()));
  if (!fake_ || arv_gv_fake_camera_is_running(fake_.get()) == 0) {
    throw InputError(fmt::format("GigE Vision camera on {}: no interface of this machine", options_.address));
  }
  if (options_.packet_loss > 0.0) g_object_set(fake_.get(), "gvsp-lost-ratio", options_.packet_loss, nullptr);
  ArvFakeCamera* camera = arv_gv_fake_camera_get_fake_camera(fake_.get());
  const Identity identity = camera_.identity();
  write_name(camera, manufacturer_name, identity.vendor);
  write_name(camera, model_name, identity.model);
  arv_fake_camera_write_register(camera, heartbeat_timeout, patience);
  const auto width = static_cast<guint32>(properties_.width), height = static_cast<guint32>(properties_.height);
  arv_fake_camera_write_register(camera, ARV_FAKE_CAMERA_REGISTER_SENSOR_WIDTH, width);
  arv_fake_camera_write_register(camera, ARV_FAKE_CAMERA_REGISTER_SENSOR_HEIGHT, height);
  arv_fake_camera_write_register(camera, ARV_FAKE_CAMERA_REGISTER_WIDTH, width);
  arv_fake_camera_write_register(camera, ARV_FAKE_CAMERA_REGISTER_HEIGHT, height);
  arv_fake_camera_write_register(camera, ARV_FAKE_CAMERA_REGISTER_PIXEL_FORMAT, ARV_PIXEL_FORMAT_MONO_16);
  arv_fake_camera_set_trigger_frequency(camera, poll_rate);
  arv_fake_camera_set_fill_pattern(camera, &Impl::fill, this);
}

void GigeServer::Impl::fill(ArvBuffer* buffer, void* self, guint32 exposure_us, guint32, ArvPixelFormat format) {
  auto& server = *static_cast<Impl*>(self);
  // An exception must not run into C.
  try {
    server.make_frame(buffer, exposure_us, format);
  } catch (const std::exception& error) {
    server.failed(error.what());
    arv_buffer_set_timestamp(buffer, 0);
  }
}

void GigeServer::Impl::make_frame(ArvBuffer* buffer, guint32 exposure_us, ArvPixelFormat format) {
  const Region region = region_of(buffer, format);
  // The buffer is Aravis' own and as large as its registers said when streaming began; it has checked that.
  auto* bytes = static_cast<unsigned char*>(const_cast<void*>(arv_buffer_get_data(buffer, nullptr)));
  const std::size_t pixels = static_cast<std::size_t>(region.width) * static_cast<std::size_t>(region.height);
  std::memset(bytes, 0, pixels * ARV_PIXEL_FORMAT_BIT_PER_PIXEL(format) / 8);
  ++frames_;
  const auto image = expose(exposure_us * 1e-6);
  if (!image.ok()) {
    failed(describe(image.error()));
    arv_buffer_set_timestamp(buffer, 0);
    return;
  }
  if (format == ARV_PIXEL_FORMAT_MONO_16) {
    cut(image.value(), region, [&](std::size_t at, std::uint16_t value) {
      // Little-endian, as GigE Vision has it.
      bytes[2 * at] = static_cast<unsigned char>(value & 0xFFU);
      bytes[2 * at + 1] = static_cast<unsigned char>(value >> 8U);
    });
  } else if (format == ARV_PIXEL_FORMAT_MONO_8) {
    const int shift = std::max(0, properties_.bits - 8);
    cut(image.value(), region, [&](std::size_t at, std::uint16_t value) {
      bytes[at] = static_cast<unsigned char>(std::min(255, value >> shift));
    });
  }
  arv_buffer_set_timestamp(buffer, static_cast<guint64>(std::llround(image.value().t_end * 1e9)));
}

Result<Image> GigeServer::Impl::expose(double exposure) {
  std::unique_lock<std::mutex> world;
  if (options_.world != nullptr) world = std::unique_lock(*options_.world);
  time_.on_request(options_.latency);
  if (auto outcome = camera_.configure({exposure, 1}); !outcome.ok()) return outcome.error();
  auto image = camera_.grab(std::numeric_limits<double>::infinity());
  const double ahead = time_.ahead();
  if (world.owns_lock()) world.unlock();
  // No frame leaves before its exposure is over.
  if (ahead > 0.0) std::this_thread::sleep_for(std::chrono::duration<double>(ahead));
  return image;
}

void GigeServer::Impl::failed(const std::string& what) {
  ++failures_;
  if (options_.note) options_.note(what);
}

GigeServer::GigeServer(Camera& camera, bench::BenchTime& time, GigeOptions options)
    : impl_(std::make_unique<Impl>(camera, time, std::move(options))) {}
GigeServer::~GigeServer() = default;

GigeServer::Counts GigeServer::counts() const {
  return impl_->counts();
}

}  // namespace seccm::instrument::servers
