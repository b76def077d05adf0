// What the targets really link, read from the build files (links.cmake): nothing that is validated may reach the models
// or the twin, not even through a third target.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace seccm::architecture {
namespace {

using Links = std::map<std::string, std::set<std::string>>;

Links parse(std::istream& in) {
  Links links;
  std::string line;
  while (std::getline(in, line)) {
    const auto bar = line.find('|');
    if (bar == std::string::npos) continue;
    auto& direct = links[line.substr(0, bar)];
    std::stringstream rest(line.substr(bar + 1));
    for (std::string name; std::getline(rest, name, ';');) direct.insert(name);
  }
  return links;
}

Links project_links() {
  std::ifstream in(SECCM_LINK_LINES);
  return parse(in);
}

std::set<std::string> reachable(const Links& links, const std::string& target) {
  std::set<std::string> seen;
  std::vector<std::string> open{target};
  while (!open.empty()) {
    const std::string at = open.back();
    open.pop_back();
    const auto found = links.find(at);
    if (found == links.end()) continue;
    for (const std::string& next : found->second) {
      if (seen.insert(next).second) open.push_back(next);
    }
  }
  return seen;
}

TEST(Links, AreThoseOfTheBuild) {
  const Links links = project_links();
  ASSERT_TRUE(links.count("seccm_scan")) << "no link lines in " << SECCM_LINK_LINES;
  ASSERT_TRUE(links.count("seccm_analysis"));
  EXPECT_TRUE(reachable(links, "seccm_scan").count("seccm_roles"));
  EXPECT_TRUE(reachable(links, "seccm_analysis").count("seccm_sim")) << "through seccm_files";
}

TEST(Links, NothingThatIsValidatedReachesModelsTwinOrTruth) {
  const Links links = project_links();
  for (const char* blind : {"seccm_scan", "seccm_analysis"}) {
    const auto reached = reachable(links, blind);
    for (const char* forbidden : {"seccm_models", "seccm_twin", "seccm_validation", "seccm_scenarios"}) {
      EXPECT_FALSE(reached.count(forbidden)) << blind << " links " << forbidden;
    }
  }
  EXPECT_FALSE(reachable(links, "seccm_analysis").count("seccm_roles")) << "analysis opens run files only";
}

TEST(Links, PointDownwards) {
  const Links links = project_links();
  const std::map<std::string, std::set<std::string>> above{
      {"seccm_sim", {"seccm_models", "seccm_roles", "seccm_files", "seccm_twin", "seccm_scan", "seccm_analysis"}},
      {"seccm_models", {"seccm_roles", "seccm_files", "seccm_twin", "seccm_scan", "seccm_analysis"}},
      {"seccm_roles", {"seccm_models", "seccm_files", "seccm_twin", "seccm_scan", "seccm_analysis"}},
      {"seccm_files", {"seccm_models", "seccm_roles", "seccm_twin", "seccm_scan", "seccm_analysis"}},
      {"seccm_twin", {"seccm_files", "seccm_scan", "seccm_analysis", "seccm_validation"}},
  };
  for (const auto& [target, forbidden] : above) {
    const auto reached = reachable(links, target);
    for (const std::string& name : forbidden) EXPECT_FALSE(reached.count(name)) << target << " links " << name;
  }
}

TEST(LinkCheck, SeesALinkThroughAThirdTarget) {
  std::istringstream lines("seccm_scan|seccm_roles;helper\nhelper|seccm_twin\nseccm_twin|seccm_models\n");
  const auto reached = reachable(parse(lines), "seccm_scan");
  EXPECT_TRUE(reached.count("seccm_twin"));
  EXPECT_TRUE(reached.count("seccm_models"));
}

}  // namespace
}  // namespace seccm::architecture
