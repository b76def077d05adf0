#include "instrument/servers/gige/gige_server.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <condition_variable>
#include <exception>
#include <limits>
#include <random>
#include <stop_token>
#include <thread>
#include <utility>
#include <vector>

#include "instrument/servers/gige/gige_device.hpp"
#include "instrument/servers/gige/gige_sockets.hpp"
#include "instrument/servers/gige/gige_stream.hpp"
#include "sim/error.hpp"

namespace seccm::instrument::servers {

namespace {

using Wall = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

double wall() {
  return Seconds(Wall::now().time_since_epoch()).count();
}

// Packets leave no faster than over the wire of a real camera: the loopback would overrun a client's receive buffer.
constexpr double wire = 125e6;        // bytes/s, Gigabit Ethernet
constexpr std::size_t burst = 32768;  // bytes between two looks at the clock
constexpr double longest_rest = 0.1;  // s between two looks at whether the client is still there

CameraProperties connected(Camera& camera) {
  static_cast<void>(camera.connect({}).value());
  const CameraProperties p = camera.properties();
  if (p.width < 1 || p.width > gige_longest_side || p.height < 1 || p.height > gige_longest_side) {
    throw InputError(fmt::format("GigE Vision camera of {} x {} px, accepted are 1 to {} px each way", p.width,
                                 p.height, gige_longest_side));
  }
  return p;
}

}  // namespace

class GigeServer::Impl {
 public:
  Impl(Camera& camera, bench::BenchTime& time, GigeOptions options)
      : camera_(camera),
        time_(time),
        options_(std::move(options)),
        sockets_(context_, options_.address, options_.note),
        properties_(connected(camera_)),
        device_(label()),
        streaming_([this](const std::stop_token& stop) { stream(stop); }),
        listening_([this] { listen(); }) {}
  ~Impl() { context_.stop(); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  [[nodiscard]] Counts counts() const { return {frames_.load(), failures_.load()}; }

 private:
  [[nodiscard]] GigeLabel label() const;
  void listen();
  void stream(const std::stop_token& stop);
  void make_and_send(const GigeShot& shot, const std::stop_token& stop);
  Image expose(double exposure, const std::stop_token& stop);
  void send(const std::string& datagram, const GigeShot& shot);
  void send_again(const GigeResend& what);
  void failed(const std::string& what);

  Camera& camera_;
  bench::BenchTime& time_;
  GigeOptions options_;
  boost::asio::io_context context_{1};
  GigeSockets sockets_;
  CameraProperties properties_;
  std::mutex mutex_;  // of the registers
  std::condition_variable_any changed_;
  GigeDevice device_;
  std::uint64_t heard_ = 0;  // datagrams
  struct Sent {
    std::uint16_t block = 0;
    GigePeer to;
    std::vector<std::string> packets;
  };
  std::mutex sending_;
  Sent sent_;  // the last frame, of which packets may be asked for again
  std::atomic<std::uint64_t> frames_{0}, failures_{0};
  std::minstd_rand losses_{std::random_device{}()};
  // Last: they work on all of the above until they are joined.
  std::jthread streaming_, listening_;
};

GigeLabel GigeServer::Impl::label() const {
  if (options_.serial.empty() || options_.serial.size() > 15) {
    throw InputError(fmt::format("GigE Vision serial '{}', accepted are 1 to 15 characters", options_.serial));
  }
  const Identity identity = camera_.identity();
  return {.address = sockets_.address(),
          .vendor = identity.vendor,
          .model = identity.model,
          .version = identity.firmware,
          .serial = options_.serial,
          .width = properties_.width,
          .height = properties_.height,
          .resends = options_.packet_loss == 0.0};
}

void GigeServer::Impl::listen() {
  sockets_.serve([this](std::string_view datagram, GigePeer from, bool broadcast) {
    const std::lock_guard lock(mutex_);
    std::string reply = device_.answer(datagram, from, broadcast, wall());
    if (const auto again = device_.take_resend()) send_again(*again);
    ++heard_;
    changed_.notify_all();
    return reply;
  });
  context_.run();
}

void GigeServer::Impl::stream(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    const double now = wall();
    device_.watch_control(now);
    if (const auto test = device_.take_test_packet()) {
      const std::lock_guard sending(sending_);
      sockets_.send(gige_test_packet(*test), test->to);
    } else if (const auto shot = device_.take_shot(now)) {
      lock.unlock();
      make_and_send(*shot, stop);
      lock.lock();
    } else {
      const double rest = std::min(longest_rest, device_.next_shot().value_or(now + longest_rest) - now);
      changed_.wait_for(lock, stop, Seconds(std::max(0.0, rest)), [&, before = heard_] { return heard_ != before; });
    }
  }
}

void GigeServer::Impl::make_and_send(const GigeShot& shot, const std::stop_token& stop) {
  ++frames_;
  // A frame that the camera does not deliver is black and has no time.
  Image image{shot.width, shot.height, {}, 0.0, 0.0, 0};
  try {
    image = expose(shot.exposure, stop);
  } catch (const std::exception& error) {
    failed(error.what());
    image.width = image.height = 0;
  }
  std::uint16_t block = 0;
  {
    const std::lock_guard lock(mutex_);
    if (stop.stop_requested() || !device_.wanted(shot)) return;
    block = device_.next_block();
  }
  const auto stamp = static_cast<std::uint64_t>(std::llround(image.t_end * 1e9));
  auto packets = gige_packets(gige_pixels(image, shot, properties_.bits), shot, block, stamp);
  std::size_t sent = 0;
  auto pause = Wall::now();
  {
    const std::lock_guard lock(sending_);
    sent_ = {block, shot.to, packets};
  }
  for (const auto& packet : packets) {
    send(packet, shot);
    sent += packet.size();
    if (sent < burst) continue;
    pause += std::chrono::ceil<std::chrono::nanoseconds>(Seconds(static_cast<double>(std::exchange(sent, 0)) / wire));
    std::this_thread::sleep_until(pause);
  }
}

Image GigeServer::Impl::expose(double exposure, const std::stop_token& stop) {
  std::unique_lock<std::mutex> world;
  if (options_.world != nullptr) world = std::unique_lock(*options_.world);
  time_.on_request(options_.latency);
  static_cast<void>(camera_.configure({exposure, 1}).value());
  Image image = camera_.grab(std::numeric_limits<double>::infinity()).value();
  const double ahead = time_.ahead();
  if (world.owns_lock()) world.unlock();
  // No frame leaves before its exposure is over.
  std::mutex nobody;
  std::unique_lock wait(nobody);
  std::condition_variable_any().wait_for(wait, stop, Seconds(ahead), [] { return false; });
  return image;
}

void GigeServer::Impl::send(const std::string& datagram, const GigeShot& shot) {
  if (options_.packet_loss > 0.0 && std::uniform_real_distribution<>()(losses_) < options_.packet_loss) return;
  {
    const std::lock_guard lock(sending_);
    sockets_.send(datagram, shot.to);
  }
  if (shot.packet_delay > 0) std::this_thread::sleep_for(std::chrono::nanoseconds(shot.packet_delay));
}

void GigeServer::Impl::send_again(const GigeResend& what) {
  const std::lock_guard lock(sending_);
  if (what.block != sent_.block) return;
  for (std::size_t k = what.first; k <= what.last && k < sent_.packets.size(); ++k)
    sockets_.send(sent_.packets[k], sent_.to);
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
