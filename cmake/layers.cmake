# Loops over lanes turn into vector code only if a floating-point exception flag need not be kept; values are the same.
set_source_files_properties(models/cell/particle_kernels.cpp models/particle/phase_field_kernels.cpp sim/radial_lanes.cpp sim/radial_newton.cpp models/material/diffusivity_lanes.cpp
                            models/material/exchange_lanes.cpp models/ensemble/ensemble_kernels.cpp models/particle/variable_diffusion.cpp
                            models/network/kirchhoff.cpp
                            models/network/sparse_factor.cpp PROPERTIES COMPILE_OPTIONS -fno-trapping-math)
# The C functions of libNiFpga.so are that library's alone: an object of their own that nothing else pulls in.
set_source_files_properties(instrument/servers/nifpga/c_api.cpp PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
# cmake/boxes.txt says who sees whom; what follows adds the libraries that only the sources of a box use, and those that
# its headers show.
seccm_boxes(${PROJECT_SOURCE_DIR}/cmake/boxes.txt)
target_link_libraries(seccm_sim PUBLIC Eigen3::Eigen fmt::fmt PRIVATE seccm_random123 seccm_sundials OpenMP::OpenMP_CXX)
target_link_libraries(seccm_models PRIVATE Boost::headers OpenMP::OpenMP_CXX seccm_opencv)
target_link_libraries(seccm_config PRIVATE seccm_tomlplusplus)
target_link_libraries(seccm_files PRIVATE seccm_hdf5 ZLIB::ZLIB TIFF::TIFF nlohmann_json::nlohmann_json)
target_link_libraries(seccm_twin PRIVATE Boost::headers)
target_link_libraries(seccm_wecspm PRIVATE pugixml::pugixml)
target_link_libraries(seccm_drivers PRIVATE Boost::headers Threads::Threads seccm_aravis)
target_link_libraries(seccm_servers PRIVATE Boost::headers Threads::Threads)
target_link_libraries(seccm_scan PRIVATE seccm_opencv)
target_link_libraries(seccm_analysis PRIVATE Boost::headers seccm_opencv OpenMP::OpenMP_CXX)
target_link_libraries(seccm_validation PRIVATE nlohmann_json::nlohmann_json)
target_link_libraries(seccm_report PRIVATE PNG::PNG)
target_link_libraries(seccm_rigs PRIVATE Threads::Threads)
target_link_libraries(seccm_jobs PRIVATE OpenMP::OpenMP_CXX Threads::Threads)
target_compile_definitions(seccm_scenarios PRIVATE SECCM_SCENARIO_DIRECTORY="${PROJECT_SOURCE_DIR}/scenarios")
target_compile_definitions(seccm_jobs PRIVATE SECCM_VERSION="${PROJECT_VERSION}")
# The commit is looked up at every build, and only one small source is made anew when it has changed. Once here: linters
# read the sources of a build that never ran.
set(seccm_commit_header ${PROJECT_BINARY_DIR}/generated/seccm_commit.hpp)
execute_process(COMMAND ${CMAKE_COMMAND} -D SOURCE=${PROJECT_SOURCE_DIR} -D OUTPUT=${seccm_commit_header}
                        -P ${PROJECT_SOURCE_DIR}/cmake/commit.cmake)
add_custom_target(seccm_commit BYPRODUCTS ${seccm_commit_header}
                  COMMAND ${CMAKE_COMMAND} -D SOURCE=${PROJECT_SOURCE_DIR} -D OUTPUT=${seccm_commit_header}
                          -P ${PROJECT_SOURCE_DIR}/cmake/commit.cmake)
add_dependencies(seccm_jobs seccm_commit)
set_source_files_properties(${PROJECT_SOURCE_DIR}/jobs/version.cpp PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
target_include_directories(seccm_jobs PRIVATE ${PROJECT_BINARY_DIR}/generated)

find_package(CLI11 REQUIRED)
add_executable(seccm ${seccm_cli_sources})
target_link_libraries(seccm PRIVATE ${seccm_cli_links} CLI11::CLI11 nlohmann_json::nlohmann_json)
set_target_properties(seccm PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)

# The FPGA Interface C API with a twin behind it, under the name that its clients look for.
add_library(NiFpga SHARED ${PROJECT_SOURCE_DIR}/instrument/servers/nifpga/c_api.cpp)
target_link_libraries(NiFpga PRIVATE seccm_rigs)
set_target_properties(NiFpga PROPERTIES CXX_VISIBILITY_PRESET hidden LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/lib/nifpga)
# Whoever builds the command alone has the library that a rehearsal needs, too.
add_dependencies(seccm NiFpga)
