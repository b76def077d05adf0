// Parts of an HTML page.
#pragma once

#include <string>
#include <string_view>

#include "pipeline/validation/text_table.hpp"

namespace seccm::report {

/// Text with & < > " replaced, safe inside HTML and SVG.
std::string escape_xml(std::string_view text);

/// The same with minus signs before digits, and names that may be broken at their underscores.
std::string text_html(const std::string& text);

/// A table, or a list of facts, with its heading, introduction and notes. "" for a section that says nothing.
std::string section_html(const validation::Section& section);

}  // namespace seccm::report
