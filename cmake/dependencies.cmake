# What the boxes are built on; installed beside the package, whose users have to find the same. Every dependency is a
# Debian 12 package (scripts/setup names them). Their headers are SYSTEM: our warnings are for our code.
find_package(Eigen3 3.4 REQUIRED NO_MODULE)
find_package(Boost 1.74 REQUIRED)
find_package(OpenMP REQUIRED COMPONENTS CXX)
find_package(HDF5 REQUIRED COMPONENTS C)
find_package(SUNDIALS 6.4 REQUIRED)
find_path(SECCM_KLU_INCLUDE_DIR klu.h PATH_SUFFIXES suitesparse REQUIRED)
find_package(fmt REQUIRED)
find_package(nlohmann_json 3.11 REQUIRED)
find_package(PNG REQUIRED)
find_package(ZLIB REQUIRED)
find_package(TIFF REQUIRED)
find_package(pugixml REQUIRED)
find_package(Threads REQUIRED)
find_path(SECCM_TOMLPLUSPLUS_INCLUDE_DIR toml++/toml.h REQUIRED)
find_path(SECCM_RANDOM123_INCLUDE_DIR Random123/philox.h REQUIRED)

# Debian's SUNDIALS::sunlinsolklu names a target of SuiteSparse that is nowhere defined: the libraries are found by name.
add_library(seccm_sundials INTERFACE IMPORTED GLOBAL)
target_include_directories(seccm_sundials INTERFACE ${SECCM_KLU_INCLUDE_DIR})
foreach(part idas cvodes nvecserial sunmatrixband sunmatrixsparse sunlinsolband sunlinsolklu)
  find_library(SECCM_SUNDIALS_${part} NAMES sundials_${part} REQUIRED)
  target_link_libraries(seccm_sundials INTERFACE ${SECCM_SUNDIALS_${part}})
endforeach()

add_library(seccm_hdf5 INTERFACE IMPORTED GLOBAL)
target_include_directories(seccm_hdf5 INTERFACE ${HDF5_C_INCLUDE_DIRS})
target_link_libraries(seccm_hdf5 INTERFACE ${HDF5_C_LIBRARIES})
target_compile_definitions(seccm_hdf5 INTERFACE ${HDF5_C_DEFINITIONS})

# Debian ships OpenCV's CMake package only with all of its modules; the four that we use are found one by one.
add_library(seccm_opencv INTERFACE IMPORTED GLOBAL)
find_path(SECCM_OPENCV_INCLUDE_DIR opencv2/core.hpp PATH_SUFFIXES opencv4 REQUIRED)
target_include_directories(seccm_opencv INTERFACE ${SECCM_OPENCV_INCLUDE_DIR})
foreach(module core imgproc imgcodecs calib3d)
  find_library(SECCM_OPENCV_${module} NAMES opencv_${module} REQUIRED)
  target_link_libraries(seccm_opencv INTERFACE ${SECCM_OPENCV_${module}})
endforeach()

# GigE Vision. Debian's aravis-0.8.pc needs libusb-1.0.pc, which is in a package that libaravis-dev does not ask for.
find_package(PkgConfig REQUIRED)
pkg_check_modules(ARAVIS REQUIRED IMPORTED_TARGET aravis-0.8)
add_library(seccm_aravis INTERFACE IMPORTED GLOBAL)
target_include_directories(seccm_aravis INTERFACE ${ARAVIS_INCLUDE_DIRS})
target_link_libraries(seccm_aravis INTERFACE ${ARAVIS_LINK_LIBRARIES})

add_library(seccm_tomlplusplus INTERFACE IMPORTED GLOBAL)
target_include_directories(seccm_tomlplusplus INTERFACE ${SECCM_TOMLPLUSPLUS_INCLUDE_DIR})

add_library(seccm_random123 INTERFACE IMPORTED GLOBAL)
target_include_directories(seccm_random123 INTERFACE ${SECCM_RANDOM123_INCLUDE_DIR})
