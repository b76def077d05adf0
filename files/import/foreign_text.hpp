// The bytes of a foreign file as UTF-8 text, whatever they were stored as.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace seccm::files {

inline constexpr std::uintmax_t largest_import = std::uintmax_t{2} << 30;  ///< bytes of the text of one file

/// The text of a file without a byte order mark: gzip is unpacked, UTF-16 (by its mark) and Latin-1 (what is no UTF-8)
/// become UTF-8. Throws InputError: missing, no regular file, damaged, larger than `most` as stored or as text.
std::string read_foreign_text(const std::filesystem::path& path, std::uintmax_t most = largest_import);

/// What `read_foreign_text` makes of the bytes of a file; `name` stands for it in messages.
std::string as_utf8(std::string bytes, std::uintmax_t most, const std::string& name);

}  // namespace seccm::files
