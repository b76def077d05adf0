#include "instrument/drivers/gige/gige_camera.hpp"

#include <arv.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstring>
#include <optional>
#include <utility>

#include "sim/error.hpp"

namespace seccm::instrument::drivers {

namespace {

struct Unref {
  void operator()(gpointer object) const { g_object_unref(object); }
};
template <class T>
using Owned = std::unique_ptr<T, Unref>;

constexpr double longest_exposure = 60.0;  // s
constexpr int buffers = 4;

Errc code_of(const GError& error) {
  if (error.domain != ARV_DEVICE_ERROR) return Errc::device_fault;
  switch (error.code) {
    case ARV_DEVICE_ERROR_TIMEOUT:
    case ARV_DEVICE_ERROR_NOT_CONNECTED:
    case ARV_DEVICE_ERROR_NOT_FOUND:
    case ARV_DEVICE_ERROR_NOT_CONTROLLER:
      return Errc::disconnected;
    case ARV_DEVICE_ERROR_PROTOCOL_ERROR:
      return Errc::protocol;
    default:
      return Errc::device_fault;
  }
}

std::string_view fault_of(ArvBufferStatus status) {
  switch (status) {
    case ARV_BUFFER_STATUS_TIMEOUT:
      return "its end did not come";
    case ARV_BUFFER_STATUS_MISSING_PACKETS:
      return "packets are missing";
    case ARV_BUFFER_STATUS_SIZE_MISMATCH:
      return "it is larger than announced";
    case ARV_BUFFER_STATUS_WRONG_PACKET_ID:
      return "packets are out of order";
    default:
      return "it was given up";
  }
}

void require_config(const GigeConfig& c) {
  if (c.bits < 1 || c.bits > 16) throw InputError(fmt::format("camera of {} bit, accepted are 1 to 16", c.bits));
  if (!(c.timeout_s > 0.0 && c.timeout_s <= 3600.0)) {
    throw InputError(fmt::format("timeout of the camera {:.6g} s, accepted are above 0 s to 3600 s", c.timeout_s));
  }
  if (c.retries < 0 || c.retries > 100) {
    throw InputError(fmt::format("{} retries of a frame, accepted are 0 to 100", c.retries));
  }
  if (c.socket_buffer < 1 << 16 || c.socket_buffer > 1 << 30) {
    throw InputError(fmt::format("socket buffer of {} bytes, accepted are 65536 to 1073741824", c.socket_buffer));
  }
}

/// The thread that takes packets goes before others where the system allows it: what it leaves lying is lost.
void hurry(void*, ArvStreamCallbackType type, ArvBuffer*) {
  if (type == ARV_STREAM_CALLBACK_TYPE_INIT) arv_make_thread_high_priority(-10);
}

/// One frame as the wire brought it.
struct GrabbedFrame {
  std::vector<std::uint16_t> pixels;
  double stamp = 0.0;  ///< s, the camera's clock
};

}  // namespace

class GigeCamera::Impl {
 public:
  Impl(GigeConfig config, const Clock& clock, std::stop_token stop)
      : config_(std::move(config)), clock_(clock), stop_(std::move(stop)) {}
  ~Impl() { close(); }

  Outcome connect();
  Outcome configure(const CameraConfig& settings);
  Result<Image> grab(double deadline);
  void stop_stream() noexcept;
  [[nodiscard]] Health health() const;
  [[nodiscard]] const Identity& identity() const { return identity_; }
  [[nodiscard]] CameraProperties properties() const {
    return {width_, height_, config_.bits, config_.nominal_pixel_size};
  }

 private:
  /// Runs calls of Aravis that take a GError** until one fails.
  template <class... Calls>
  Outcome all(Calls... calls);
  Outcome set_up();
  Outcome apply_exposure();
  Outcome start_stream();
  Result<GrabbedFrame> expose();
  Result<GrabbedFrame> expose_once();
  Result<Owned<ArvBuffer>> wait_for_frame();
  Result<GrabbedFrame> read(ArvBuffer* buffer);
  void drop_stale();
  double device_time(double stamp);
  void close() noexcept;
  [[nodiscard]] Error error(Errc code, std::string detail, bool retryable = false) const {
    return {code, "GigE Vision camera " + config_.id, std::move(detail), retryable};
  }
  Error lost(Error error);

  GigeConfig config_;
  const Clock& clock_;
  std::stop_token stop_;
  Owned<ArvCamera> camera_;
  Owned<ArvStream> stream_;
  Identity identity_{"", "GigE Vision camera", "", ""};
  CameraConfig settings_;
  double exposure_ = 0.0;  ///< s, as the camera rounded it
  int width_ = 0, height_ = 0;
  std::uint64_t images_ = 0;
  double last_seen_ = 0.0;
  std::optional<double> offset_;  ///< rig time less camera time, s
  std::string trouble_;
  bool dead_ = false;      ///< it did not answer
  bool doubtful_ = false;  ///< the stream may hold what belongs to no trigger
};

template <class... Calls>
Outcome GigeCamera::Impl::all(Calls... calls) {
  GError* failure = nullptr;
  const bool fine = ((calls(&failure), failure == nullptr) && ...);
  if (fine) return Done{};
  const Error told = error(code_of(*failure), failure->message);
  g_error_free(failure);
  return lost(told);
}

Error GigeCamera::Impl::lost(Error error) {
  trouble_ = error.detail;
  // Nothing is cleared away here: a call to a camera that does not answer takes Aravis 2.5 s, and the caller has waited
  // for its time already.
  (error.code == Errc::disconnected ? dead_ : doubtful_) = true;
  return error;
}

void GigeCamera::Impl::stop_stream() noexcept {
  if (!stream_) return;
  if (!dead_) arv_camera_stop_acquisition(camera_.get(), nullptr);
  stream_.reset();
  doubtful_ = false;
}

void GigeCamera::Impl::close() noexcept {
  stop_stream();
  camera_.reset();
  dead_ = doubtful_ = false;
}

Outcome GigeCamera::Impl::connect() {
  close();
  offset_.reset();
  GError* failure = nullptr;
  camera_.reset(arv_camera_new(config_.id.c_str(), &failure));
  if (!camera_) {
    const Error told = error(Errc::disconnected, failure != nullptr ? failure->message : "not found");
    g_clear_error(&failure);
    trouble_ = told.detail;
    return told;
  }
  auto outcome = set_up();
  if (!outcome.ok()) {
    close();
    return outcome;
  }
  last_seen_ = clock_.now();
  trouble_.clear();
  return Done{};
}

Outcome GigeCamera::Impl::set_up() {
  ArvCamera* c = camera_.get();
  if (arv_camera_is_gv_device(c) == 0) return lost(error(Errc::protocol, "it is no GigE Vision camera"));
  // AF_PACKET sockets, Aravis' choice for root, see no frame on the loopback interface.
  arv_camera_gv_set_stream_options(c, ARV_GV_STREAM_OPTION_PACKET_SOCKET_DISABLED);
  const auto text = [](const char* value) { return std::string(value != nullptr ? value : ""); };
  return all([&](GError** e) { identity_.vendor = text(arv_camera_get_vendor_name(c, e)); },
             [&](GError** e) { identity_.model = text(arv_camera_get_model_name(c, e)); },
             [&](GError** e) { identity_.serial = text(arv_camera_get_device_serial_number(c, e)); },
             [&](GError** e) { arv_camera_set_pixel_format(c, ARV_PIXEL_FORMAT_MONO_16, e); },
             [&](GError** e) { arv_camera_set_acquisition_mode(c, ARV_ACQUISITION_MODE_CONTINUOUS, e); },
             [&](GError** e) { arv_camera_set_trigger(c, "Software", e); },
             [&](GError** e) { arv_camera_get_region(c, nullptr, nullptr, &width_, &height_, e); },
             [&](GError** e) { arv_camera_set_exposure_time(c, settings_.exposure * 1e6, e); },
             [&](GError** e) { exposure_ = arv_camera_get_exposure_time(c, e) * 1e-6; });
}

Outcome GigeCamera::Impl::apply_exposure() {
  ArvCamera* c = camera_.get();
  return all([&](GError** e) { arv_camera_set_exposure_time(c, settings_.exposure * 1e6, e); },
             [&](GError** e) { exposure_ = arv_camera_get_exposure_time(c, e) * 1e-6; });
}

Outcome GigeCamera::Impl::configure(const CameraConfig& settings) {
  double low = 0.0, high = longest_exposure;
  if (dead_) return error(Errc::disconnected, trouble_);
  if (camera_) {
    double least_us = 0.0, most_us = 0.0;
    auto outcome = all([&](GError** e) { arv_camera_get_exposure_time_bounds(camera_.get(), &least_us, &most_us, e); });
    if (!outcome.ok()) return outcome;
    low = std::max(low, least_us * 1e-6);
    high = std::min(high, most_us * 1e-6);
  }
  if (!(settings.exposure > 0.0 && settings.exposure >= low && settings.exposure <= high)) {
    return error(Errc::limit_rejected,
                 fmt::format("exposure {:.6g} s, accepted are {:.6g} s to {:.6g} s", settings.exposure, low, high));
  }
  if (settings.average < 1 || settings.average > 1000) {
    return error(Errc::limit_rejected, fmt::format("average of {}, accepted are 1 to 1000", settings.average));
  }
  settings_ = settings;
  return camera_ ? apply_exposure() : Outcome(Done{});
}

Outcome GigeCamera::Impl::start_stream() {
  ArvCamera* c = camera_.get();
  guint payload = 0;
  auto outcome = all([&](GError** e) { payload = arv_camera_get_payload(c, e); },
                     [&](GError** e) { stream_.reset(arv_camera_create_stream(c, &hurry, nullptr, e)); });
  if (!outcome.ok()) return outcome;
  if (!stream_) return lost(error(Errc::device_fault, "Aravis made no stream"));
  const auto pixels = static_cast<std::size_t>(width_) * static_cast<std::size_t>(height_);
  if (payload < 2 * pixels) {
    return lost(error(Errc::protocol,
                      fmt::format("frames of {} bytes for {} x {} pixels of 16 bit", payload, width_, height_)));
  }
  // How long the packets of one frame may take. The default, a tenth of a second, is less than a busy computer can keep
  // a sender waiting; a frame that is taken for incomplete must still leave time for its wait to end by itself.
  const auto retention_us = static_cast<guint>(1e6 * std::min(1.0, 0.5 * config_.timeout_s));
  g_object_set(stream_.get(), "socket-buffer", ARV_GV_STREAM_SOCKET_BUFFER_FIXED, "socket-buffer-size",
               config_.socket_buffer, "frame-retention", retention_us, nullptr);
  for (int k = 0; k < buffers; ++k) arv_stream_push_buffer(stream_.get(), arv_buffer_new(payload, nullptr));
  return all([&](GError** e) { arv_camera_start_acquisition(c, e); });
}

void GigeCamera::Impl::drop_stale() {
  while (ArvBuffer* stale = arv_stream_try_pop_buffer(stream_.get())) arv_stream_push_buffer(stream_.get(), stale);
}

Result<Owned<ArvBuffer>> GigeCamera::Impl::wait_for_frame() {
  using Seconds = std::chrono::duration<double>;
  const double patience = exposure_ + config_.timeout_s;
  const auto end = std::chrono::steady_clock::now() + Seconds(patience);
  constexpr guint64 slice_us = 20000;  // between two looks at the stop token
  while (std::chrono::steady_clock::now() < end) {
    if (stop_.stop_requested()) return lost(error(Errc::cancelled, "stopped while waiting for a frame"));
    if (ArvBuffer* buffer = arv_stream_timeout_pop_buffer(stream_.get(), slice_us)) return Owned<ArvBuffer>(buffer);
  }
  return lost(error(Errc::timeout, fmt::format("no frame within {:.6g} s of its trigger", patience), true));
}

Result<GrabbedFrame> GigeCamera::Impl::read(ArvBuffer* buffer) {
  const auto status = arv_buffer_get_status(buffer);
  if (status != ARV_BUFFER_STATUS_SUCCESS) {
    return lost(error(Errc::framing_lost, fmt::format("a frame is incomplete: {}", fault_of(status)), true));
  }
  std::size_t size = 0;
  const void* data = arv_buffer_get_data(buffer, &size);
  const auto pixels = static_cast<std::size_t>(width_) * static_cast<std::size_t>(height_);
  const bool expected = arv_buffer_get_payload_type(buffer) == ARV_BUFFER_PAYLOAD_TYPE_IMAGE &&
                        arv_buffer_get_image_pixel_format(buffer) == ARV_PIXEL_FORMAT_MONO_16 &&
                        arv_buffer_get_image_width(buffer) == width_ &&
                        arv_buffer_get_image_height(buffer) == height_ && data != nullptr && size >= 2 * pixels;
  if (!expected) {
    return lost(error(Errc::protocol,
                      fmt::format("a frame of {} bytes that is not {} x {} pixels of Mono16", size, width_, height_)));
  }
  const guint64 stamp = arv_buffer_get_timestamp(buffer);
  if (stamp == 0) return error(Errc::device_fault, "a frame without a time: the camera did not expose it");
  GrabbedFrame frame;
  frame.stamp = static_cast<double>(stamp) * 1e-9;
  frame.pixels.resize(pixels);
  const auto* bytes = static_cast<const unsigned char*>(data);
  for (std::size_t k = 0; k < pixels; ++k) {
    frame.pixels[k] = static_cast<std::uint16_t>(bytes[2 * k] | bytes[2 * k + 1] << 8);
  }
  return frame;
}

Result<GrabbedFrame> GigeCamera::Impl::expose_once() {
  // A late frame of an earlier trigger must not be taken for the next one.
  if (doubtful_) stop_stream();
  if (!stream_) {
    if (auto outcome = start_stream(); !outcome.ok()) return outcome.error();
  }
  drop_stale();
  auto outcome = all([&](GError** e) { arv_camera_software_trigger(camera_.get(), e); });
  if (!outcome.ok()) return outcome.error();
  auto buffer = wait_for_frame();
  if (!buffer.ok()) return buffer.error();
  Owned<ArvBuffer> held = std::move(buffer).value();
  auto frame = read(held.get());
  arv_stream_push_buffer(stream_.get(), held.release());
  return frame;
}

Result<GrabbedFrame> GigeCamera::Impl::expose() {
  auto frame = expose_once();
  for (int k = 0; k < config_.retries && !frame.ok() && frame.error().code == Errc::framing_lost; ++k) {
    frame = expose_once();
  }
  return frame;
}

double GigeCamera::Impl::device_time(double stamp) {
  if (config_.rig_stamps) return stamp;
  if (!offset_) offset_ = clock_.now() - stamp;
  return stamp + *offset_;
}

Result<Image> GigeCamera::Impl::grab(double deadline) {
  if (!camera_ || dead_) return error(Errc::disconnected, trouble_.empty() ? "not connected" : trouble_);
  const double length = exposure_ * settings_.average;
  if (!(clock_.now() + length <= deadline)) {
    return error(Errc::timeout, fmt::format("{:.6g} s of exposure do not fit ahead of the deadline", length), true);
  }
  Image image;
  image.width = width_;
  image.height = height_;
  std::vector<std::uint32_t> sum(static_cast<std::size_t>(width_) * static_cast<std::size_t>(height_));
  for (int k = 0; k < settings_.average; ++k) {
    const auto frame = expose();
    if (!frame.ok()) return frame.error();
    image.t_end = device_time(frame.value().stamp);
    if (k == 0) image.t_start = image.t_end - exposure_;
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += frame.value().pixels[i];
  }
  const auto n = static_cast<std::uint32_t>(settings_.average);
  image.pixels.reserve(sum.size());
  for (std::uint32_t s : sum) image.pixels.push_back(static_cast<std::uint16_t>((s + n / 2) / n));
  image.id = images_++;
  last_seen_ = image.t_end;
  trouble_.clear();
  return image;
}

Health GigeCamera::Impl::health() const {
  if (dead_) return {Health::Condition::faulted, last_seen_, trouble_};
  if (!camera_) return {Health::Condition::stale, last_seen_, trouble_.empty() ? "not connected" : trouble_};
  if (!trouble_.empty()) return {Health::Condition::degraded, last_seen_, trouble_};
  return {Health::Condition::ok, last_seen_, ""};
}

GigeCamera::GigeCamera(GigeConfig config, const Clock& clock, std::stop_token stop) {
  require_config(config);
  impl_ = std::make_unique<Impl>(std::move(config), clock, std::move(stop));
}
GigeCamera::~GigeCamera() = default;

Identity GigeCamera::identity() const {
  return impl_->identity();
}
Health GigeCamera::health() const {
  return impl_->health();
}
Outcome GigeCamera::connect(ConnectConsent) {
  return impl_->connect();
}
void GigeCamera::make_safe() noexcept {
  impl_->stop_stream();
}
CameraProperties GigeCamera::properties() const {
  return impl_->properties();
}
Outcome GigeCamera::configure(const CameraConfig& config) {
  return impl_->configure(config);
}
Result<Image> GigeCamera::grab(double deadline) {
  return impl_->grab(deadline);
}

}  // namespace seccm::instrument::drivers
