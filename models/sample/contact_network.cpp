#include "models/sample/contact_network.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <limits>
#include <queue>
#include <utility>
#include <vector>

#include "models/sample/particle_index.hpp"

namespace seccm::models {
namespace {

constexpr double kGap = 1e-6;  // of the smaller radius
constexpr int kGold = -1;

bool touch(const SampleParticle& a, const SampleParticle& b) {
  const double dx = a.x - b.x;
  const double dy = a.y - b.y;
  const double dz = a.z - b.z;
  const double reach = a.radius + b.radius + kGap * std::min(a.radius, b.radius);
  return dx * dx + dy * dy + dz * dz < reach * reach;
}

/// Every contact, ordered by its first particle.
std::vector<Contact> find_contacts(const std::vector<SampleParticle>& particles) {
  std::vector<Disc> discs;
  discs.reserve(particles.size());
  for (const SampleParticle& p : particles) discs.push_back({p.x, p.y, p.radius});
  const ParticleIndex index(discs);
  std::vector<Contact> contacts;
  for (int i = 0; i < static_cast<int>(particles.size()); ++i) {
    const SampleParticle& p = particles[static_cast<std::size_t>(i)];
    if (p.z < p.radius * (1.0 + kGap)) contacts.push_back({i, kGold, 0.0});
    const std::size_t from = contacts.size();
    index.for_each_near(p.x, p.y, p.radius, [&](int j) {
      if (j > i && touch(p, particles[static_cast<std::size_t>(j)])) contacts.push_back({i, j, 0.0});
    });
    std::sort(contacts.begin() + static_cast<std::ptrdiff_t>(from), contacts.end(),
              [](const Contact& a, const Contact& b) { return a.second < b.second; });
  }
  return contacts;
}

void count_contacts(std::vector<SampleParticle>& particles, const std::vector<Contact>& contacts) {
  for (const Contact& c : contacts) {
    ++particles[static_cast<std::size_t>(c.first)].contacts;
    if (c.second != kGold) ++particles[static_cast<std::size_t>(c.second)].contacts;
  }
}

/// Neighbours by particle: (other particle, resistance).
using Links = std::vector<std::vector<std::pair<int, double>>>;

Links links_of(std::size_t particles, const std::vector<Contact>& contacts) {
  Links links(particles);
  for (const Contact& c : contacts) {
    if (c.second == kGold) continue;
    links[static_cast<std::size_t>(c.first)].emplace_back(c.second, c.resistance);
    links[static_cast<std::size_t>(c.second)].emplace_back(c.first, c.resistance);
  }
  return links;
}

/// Dijkstra from the gold.
void find_best_chains(std::vector<SampleParticle>& particles, const std::vector<Contact>& contacts) {
  const Links links = links_of(particles.size(), contacts);
  using Entry = std::pair<double, int>;
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> open;
  const auto offer = [&](int k, double resistance, int length) {
    SampleParticle& p = particles[static_cast<std::size_t>(k)];
    if (resistance >= p.contact_resistance) return;
    p.contact_resistance = resistance;
    p.chain_length = length;
    open.emplace(resistance, k);
  };
  for (const Contact& c : contacts) {
    if (c.second == kGold) offer(c.first, c.resistance, 1);
  }
  while (!open.empty()) {
    const auto [resistance, k] = open.top();
    open.pop();
    const SampleParticle& p = particles[static_cast<std::size_t>(k)];
    if (resistance > p.contact_resistance) continue;
    for (const auto& [other, step] : links[static_cast<std::size_t>(k)])
      offer(other, resistance + step, p.chain_length + 1);
  }
}

}  // namespace

void connect(Cluster& cluster, const ContactLaw& law, RandomStream& random) {
  std::vector<SampleParticle>& particles = cluster.particles;
  for (SampleParticle& p : particles) {
    p.connected = random.uniform() >= law.dead_fraction;
    p.contact_resistance = std::numeric_limits<double>::infinity();
    p.contacts = 0;
    p.chain_length = 0;
  }
  cluster.contacts = find_contacts(particles);
  count_contacts(particles, cluster.contacts);
  std::erase_if(cluster.contacts, [&](const Contact& c) {
    return !particles[static_cast<std::size_t>(c.first)].connected ||
           (c.second != kGold && !particles[static_cast<std::size_t>(c.second)].connected);
  });
  for (Contact& c : cluster.contacts) c.resistance = random.lognormal(law.median, law.sigma);
  find_best_chains(particles, cluster.contacts);
  for (SampleParticle& p : particles) p.connected = p.chain_length > 0;
}

}  // namespace seccm::models
