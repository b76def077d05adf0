# Who may see whom. `tests/architecture` checks the same rules on the #include lines.
#
#   sim <- models <- instrument/twin
#   instrument/roles <- {instrument/twin, instrument/drivers, instrument/servers, instrument/replay, pipeline/scan}
#   instrument/bench (single instruments behind a protocol) <- {instrument/twin implements, instrument/servers speaks,
#                                                               rigs gives them their time}
#   instrument/wecspm (words, registers and API of one FPGA image) <- {instrument/drivers, instrument/servers}
#   files (HDF5 seam, journal, run and result schema) <- {pipeline/scan, pipeline/analysis, ...}
#   pipeline/analysis sees run files only; pipeline/validation joins results with the truth
#   config reads sections of text and knows no physics; scenarios is the typed schema
#   rigs puts a scenario's devices together; jobs does what a verb asks for; cli calls jobs
# Loops over lanes turn into vector code only if a floating-point exception flag need not be kept; values are the same.
set_source_files_properties(models/cell/particle_kernels.cpp models/particle/phase_field_kernels.cpp sim/radial_lanes.cpp sim/radial_newton.cpp models/material/diffusivity_lanes.cpp
                            models/material/exchange_lanes.cpp models/ensemble/ensemble_kernels.cpp models/particle/variable_diffusion.cpp
                            models/network/kirchhoff.cpp
                            models/network/sparse_factor.cpp PROPERTIES COMPILE_OPTIONS -fno-trapping-math)
# The C functions of libNiFpga.so are that library's alone: an object of their own that nothing else pulls in.
set_source_files_properties(instrument/servers/nifpga/c_api.cpp PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
seccm_box(sim sim LINKS Eigen3::Eigen fmt::fmt PRIVATE_LINKS seccm_random123 seccm_sundials OpenMP::OpenMP_CXX)
seccm_box(models models LINKS seccm_sim PRIVATE_LINKS Boost::headers OpenMP::OpenMP_CXX seccm_opencv)
seccm_box(roles instrument/roles LINKS seccm_sim)
seccm_box(bench instrument/bench LINKS seccm_roles)
seccm_box(decorators instrument/decorators LINKS seccm_roles)
seccm_box(twin instrument/twin LINKS seccm_models seccm_roles seccm_bench PRIVATE_LINKS Boost::headers)
seccm_box(wecspm instrument/wecspm LINKS seccm_roles PRIVATE_LINKS pugixml::pugixml)
seccm_box(drivers instrument/drivers LINKS seccm_roles seccm_wecspm
          PRIVATE_LINKS Boost::headers Threads::Threads seccm_aravis)
seccm_box(servers instrument/servers LINKS seccm_roles seccm_bench seccm_wecspm
          PRIVATE_LINKS Boost::headers Threads::Threads)
seccm_box(files files LINKS seccm_sim PRIVATE_LINKS seccm_hdf5 ZLIB::ZLIB TIFF::TIFF nlohmann_json::nlohmann_json)
seccm_box(replay instrument/replay LINKS seccm_roles seccm_files)
seccm_box(scan pipeline/scan LINKS seccm_roles seccm_files PRIVATE_LINKS seccm_opencv)
seccm_box(analysis pipeline/analysis LINKS seccm_files PRIVATE_LINKS Boost::headers seccm_opencv OpenMP::OpenMP_CXX)
seccm_box(validation pipeline/validation LINKS seccm_files PRIVATE_LINKS nlohmann_json::nlohmann_json)
seccm_box(report pipeline/report LINKS seccm_files seccm_validation PRIVATE_LINKS PNG::PNG)
seccm_box(config config LINKS seccm_sim PRIVATE_LINKS seccm_tomlplusplus)
seccm_box(scenarios scenarios LINKS seccm_config seccm_twin seccm_drivers seccm_servers seccm_decorators seccm_scan seccm_analysis
          seccm_validation)
target_compile_definitions(seccm_scenarios PRIVATE SECCM_SCENARIO_DIRECTORY="${PROJECT_SOURCE_DIR}/scenarios")
seccm_box(rigs rigs LINKS seccm_scenarios seccm_replay PRIVATE_LINKS Threads::Threads)
seccm_box(jobs jobs LINKS seccm_rigs PRIVATE_LINKS OpenMP::OpenMP_CXX Threads::Threads)
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

file(GLOB cli_sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/cli/*.cpp)
if(cli_sources)
  add_executable(seccm ${cli_sources})
  target_link_libraries(seccm PRIVATE seccm_jobs seccm_report CLI11::CLI11 nlohmann_json::nlohmann_json)
  set_target_properties(seccm PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
endif()

# The FPGA Interface C API with a twin behind it, under the name that its clients look for.
add_library(NiFpga SHARED ${PROJECT_SOURCE_DIR}/instrument/servers/nifpga/c_api.cpp)
target_link_libraries(NiFpga PRIVATE seccm_rigs)
set_target_properties(NiFpga PROPERTIES CXX_VISIBILITY_PRESET hidden LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/lib/nifpga)
# Whoever builds the command alone has the library that a rehearsal needs, too.
if(TARGET seccm)
  add_dependencies(seccm NiFpga)
endif()
