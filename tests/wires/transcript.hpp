// Golden transcripts: what a client sent (C> bytes), what the device answered (S> bytes), seconds that pass between
// (T> number). \n, \\ and \xNN are escapes; lines that begin with # and empty lines are comments. S> lines that follow
// each other are one reply; a C> line without one has none.
#pragma once

#include <string>
#include <vector>

namespace seccm::instrument::testing {

struct Exchange {
  int line = 0;             ///< of the file
  double wait = 0.0;        ///< s, before it
  std::string sent, reply;  ///< bytes
};

/// Throws std::runtime_error with file and line on anything else.
std::vector<Exchange> read_transcript(const std::string& path);

}  // namespace seccm::instrument::testing
