// OME-TIFF: one page per image, and in the first page's description the OME-XML that says what each is.
#include <fmt/format.h>
#include <tiffio.h>

#include <cerrno>
#include <memory>

#include "files/atomic_file.hpp"
#include "files/export/export_run.hpp"
#include "sim/error.hpp"

namespace seccm::files {
namespace {

namespace fs = std::filesystem;

struct CloseWritten {
  void operator()(TIFF* tiff) const { TIFFClose(tiff); }
};
using WrittenTiff = std::unique_ptr<TIFF, CloseWritten>;

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '<') {
      out += "&lt;";
    } else if (c == '&') {
      out += "&amp;";
    } else if (c == '"') {
      out += "&quot;";
    } else {
      out += c >= ' ' && c <= '~' ? c : '?';
    }
  }
  return out;
}

std::string image_xml(const RunImage& image, std::size_t number, const RunHeader& header) {
  const std::string size =
      header.nominal_pixel_size > 0.0
          ? fmt::format(R"( PhysicalSizeX="{0:.9g}" PhysicalSizeXUnit="um" PhysicalSizeY="{0:.9g}" )"
                        R"(PhysicalSizeYUnit="um")",
                        1e6 * header.nominal_pixel_size)
          : std::string();
  return fmt::format(
      R"(<Image ID="Image:{0}" Name="{1}"><Pixels ID="Pixels:{0}" DimensionOrder="XYZCT" Type="uint16" )"
      R"(SignificantBits="{2}" SizeX="{3}" SizeY="{4}" SizeZ="1" SizeC="1" SizeT="1"{5}>)"
      R"(<Channel ID="Channel:{0}:0" Name="{6}" SamplesPerPixel="1"/><TiffData IFD="{0}" PlaneCount="1"/>)"
      R"(<Plane TheZ="0" TheC="0" TheT="0" DeltaT="{7:.9g}" DeltaTUnit="s" ExposureTime="{8:.9g}" )"
      R"(ExposureTimeUnit="s"/></Pixels></Image>)",
      number, escaped(image.name), header.camera_bits, image.width, image.height, size, escaped(image.illumination),
      image.t, image.exposure);
}

RunImage image_of(const RunReader& run, const std::string& name) {
  auto image = run.image(name);
  if (!image) throw InputError(fmt::format("the run holds no image '{}'", name));
  return *std::move(image);
}

std::string document(const RunReader& run, const std::vector<std::string>& names, const ExportOptions& options) {
  std::string xml = fmt::format(
      R"(<?xml version="1.0" encoding="UTF-8"?><OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06" )"
      R"(Creator="{}">)",
      escaped(options.software));
  for (std::size_t k = 0; k < names.size(); ++k) xml += image_xml(image_of(run, names[k]), k, run.summary().header);
  return xml + "</OME>";
}

/// The library's own messages to standard error: what it says of a failed write, the system has said in `errno`.
class SilentLibrary {
 public:
  SilentLibrary() : before_(TIFFSetErrorHandler(nullptr)) {}
  ~SilentLibrary() { TIFFSetErrorHandler(before_); }
  SilentLibrary(const SilentLibrary&) = delete;
  SilentLibrary& operator=(const SilentLibrary&) = delete;

 private:
  TIFFErrorHandler before_;
};

/// Of a call of the library that failed: it passes on what the system said.
int reason() {
  return errno != 0 ? errno : EIO;
}

void write_page(TIFF* tiff, const RunImage& image, const std::string& description, const fs::path& target) {
  TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, static_cast<std::uint32_t>(image.width));
  TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, static_cast<std::uint32_t>(image.height));
  TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, 16);
  TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, 1);
  TIFFSetField(tiff, TIFFTAG_SAMPLEFORMAT, SAMPLEFORMAT_UINT);
  TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISBLACK);
  TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
  TIFFSetField(tiff, TIFFTAG_COMPRESSION, COMPRESSION_ADOBE_DEFLATE);
  TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, static_cast<std::uint32_t>(image.height));
  if (!description.empty()) TIFFSetField(tiff, TIFFTAG_IMAGEDESCRIPTION, description.c_str());
  std::vector<std::uint16_t> row(static_cast<std::size_t>(image.width));
  for (int y = 0; y < image.height; ++y) {
    const auto begin = image.pixels.begin() + static_cast<std::ptrdiff_t>(y) * image.width;
    std::copy(begin, begin + image.width, row.begin());
    if (TIFFWriteScanline(tiff, row.data(), static_cast<std::uint32_t>(y), 0) != 1) throw_write_error(target, reason());
  }
  if (TIFFWriteDirectory(tiff) != 1) throw_write_error(target, reason());
}

}  // namespace

std::vector<fs::path> export_ome_tiff(const RunReader& run, const fs::path& target, const ExportOptions& options) {
  const std::vector<std::string> names = run.image_names();
  if (names.empty()) throw InputError("the run holds no images: there is nothing to write as OME-TIFF");
  AtomicFile file(target);
  {
    const SilentLibrary silent;
    const WrittenTiff tiff(TIFFOpen(file.path().c_str(), "w"));
    if (!tiff) throw_write_error(target, reason());
    for (std::size_t k = 0; k < names.size(); ++k)
      write_page(tiff.get(), image_of(run, names[k]), k == 0 ? document(run, names, options) : std::string(), target);
  }
  file.commit();
  return {target};
}

}  // namespace seccm::files
