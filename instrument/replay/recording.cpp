#include "instrument/replay/recording.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "sim/error.hpp"

namespace seccm::instrument::replay {
namespace {

constexpr std::uint64_t block_frames = 65536;

}  // namespace

Recording::Recording(const std::filesystem::path& run) : path_(run), reader_(run), now_(reader_.summary().rig.t) {
  for (std::size_t k = 0; k < summary().programs.size(); ++k)
    events_.push_back({summary().programs[k].t_start, false, k, k});
  if (!is_stream()) {
    for (const std::string& name : reader_.image_names()) {
      auto image = reader_.image(name);
      if (!image) continue;
      image->pixels.clear();
      image->pixels.shrink_to_fit();
      events_.push_back({image->t_start, true, images_.size(), image->programs_before});
      images_.push_back(*std::move(image));
    }
  }
  // Images between two programs come in the order of the camera's own clock.
  std::stable_sort(events_.begin(), events_.end(), [](const Event& a, const Event& b) {
    if (a.programs_before != b.programs_before) return a.programs_before < b.programs_before;
    if (a.is_image != b.is_image) return a.is_image;
    return a.is_image && a.t < b.t;
  });
}

void Recording::advance_to(double time) {
  now_ = std::max(now_, time);
}

const files::ProgramRecord* Recording::next_program() const {
  const Event* event = next();
  return event != nullptr && !event->is_image ? &summary().programs[event->index] : nullptr;
}

const files::RunImage* Recording::next_image() const {
  const Event* event = next();
  return event != nullptr && event->is_image ? &images_[event->index] : nullptr;
}

std::string Recording::next_in_words() const {
  const Event* event = next();
  if (event == nullptr) return "the end of the recording";
  if (event->is_image) return fmt::format("image '{}' at {:.6f} s", images_[event->index].name, event->t);
  return fmt::format("program {} at {:.6f} s", event->index + 1, event->t);
}

files::RunImage Recording::image(const std::string& name) const {
  auto image = reader_.image(name);
  if (!image) throw InputError(fmt::format("{}: image '{}' is missing", path_.string(), name));
  return std::move(*image);
}

Frame Recording::frame(std::uint64_t index) {
  if (index < block_begin_ || index >= block_begin_ + block_.t.size()) {
    block_begin_ = index / block_frames * block_frames;
    block_ = reader_.frames(block_begin_, std::min(block_begin_ + block_frames, summary().frames));
  }
  const auto k = static_cast<std::size_t>(index - block_begin_);
  return {.t = block_.t[k],
          .x = block_.x[k],
          .y = block_.y[k],
          .z = block_.z[k],
          .E1 = block_.E1[k],
          .E2 = block_.E2[k],
          .i1 = block_.i1[k],
          .i2 = block_.i2[k],
          .tag = block_.tag[k],
          .flags = block_.flags[k]};
}

}  // namespace seccm::instrument::replay
