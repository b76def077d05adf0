// Dimension scales: the attributes of the HDF5 Dimension Scales specification, written in a fixed order, so that equal
// contents give equal bytes. CLASS and NAME end with NUL as the specification demands: the library, and with it
// everything built on netCDF-4, takes nothing else for a scale.
#include <hdf5.h>

#include <algorithm>

#include "files/hdf5.hpp"

namespace seccm::files::h5 {
namespace {

struct BackReference {
  hobj_ref_t data;
  int axis;
  int unused;  // the padding of the specification's struct, written as zero so that the bytes are always the same
};

hobj_ref_t reference_to(std::int64_t object) {
  hobj_ref_t reference = 0;
  H5Rcreate(&reference, object, ".", H5R_OBJECT, -1);
  return reference;
}

herr_t write_attribute(std::int64_t object, const char* name, const Handle& type, const Handle& space,
                       const void* value) {
  const Handle id(H5Acreate2(object, name, type.id(), space.id(), H5P_DEFAULT, H5P_DEFAULT));
  return id.id() < 0 ? -1 : H5Awrite(id.id(), type.id(), value);
}

herr_t write_terminated(std::int64_t object, const char* name, const std::string& text) {
  const Handle type(H5Tcopy(H5T_C_S1));
  H5Tset_size(type.id(), text.size() + 1);
  H5Tset_strpad(type.id(), H5T_STR_NULLTERM);
  return write_attribute(object, name, type, Handle(H5Screate(H5S_SCALAR)), text.c_str());
}

herr_t write_dimension_list(std::int64_t data, std::span<const hobj_ref_t> scales) {
  std::vector<hobj_ref_t> references(scales.begin(), scales.end());
  std::vector<hvl_t> rows;
  for (auto& r : references) rows.push_back(r == 0 ? hvl_t{0, nullptr} : hvl_t{1, &r});
  const hsize_t rank = rows.size();
  return write_attribute(data, "DIMENSION_LIST", Handle(H5Tvlen_create(H5T_STD_REF_OBJ)),
                         Handle(H5Screate_simple(1, &rank, nullptr)), rows.data());
}

herr_t write_reference_list(std::int64_t scale, std::span<const BackReference> users) {
  const hsize_t count = users.size();
  const Handle type(H5Tcreate(H5T_COMPOUND, sizeof(BackReference)));
  H5Tinsert(type.id(), "dataset", offsetof(BackReference, data), H5T_STD_REF_OBJ);
  H5Tinsert(type.id(), "dimension", offsetof(BackReference, axis), H5T_STD_I32LE);
  return write_attribute(scale, "REFERENCE_LIST", type, Handle(H5Screate_simple(1, &count, nullptr)), users.data());
}

}  // namespace

Dataset Group::create_dimension(std::string_view name, std::uint64_t length) const {
  Dataset made = create<std::int32_t>(name, {.shape = {length}, .chunk = {}, .growing = false, .deflate = 0});
  std::string digits = std::to_string(length);
  digits.insert(0, digits.size() < 10 ? 10 - digits.size() : 0, ' ');
  made.check(write_terminated(made.id(), "NAME", "This is a netCDF dimension but not a netCDF variable." + digits),
             "name the dimension");
  return made;
}

void attach_scales(std::span<const ScaleUse> uses) {
  std::vector<const Dataset*> scales;
  std::vector<const Dataset*> arrays;
  for (const ScaleUse& use : uses) {
    if (std::find(scales.begin(), scales.end(), use.scale) == scales.end()) scales.push_back(use.scale);
    if (std::find(arrays.begin(), arrays.end(), use.data) == arrays.end()) arrays.push_back(use.data);
  }
  const auto id_of = [](const Object& object) { return object.id(); };
  for (const Dataset* scale : scales) {
    const auto require = [scale](herr_t status) { scale->check(status, "mark as dimension"); };
    require(write_terminated(id_of(*scale), "CLASS", "DIMENSION_SCALE"));
    if (!scale->has_attribute("NAME"))
      require(write_terminated(id_of(*scale), "NAME", scale->name_.substr(scale->name_.rfind('/') + 1)));
    std::vector<BackReference> users;
    for (const ScaleUse& use : uses)
      if (use.scale == scale) users.push_back({reference_to(id_of(*use.data)), static_cast<int>(use.axis), 0});
    require(write_reference_list(id_of(*scale), users));
  }
  for (const Dataset* array : arrays) {
    std::vector<hobj_ref_t> list(array->shape().size(), 0);
    for (const ScaleUse& use : uses)
      if (use.data == array) list.at(use.axis) = reference_to(id_of(*use.scale));
    array->check(write_dimension_list(id_of(*array), list), "attach the dimensions of");
  }
}

}  // namespace seccm::files::h5
