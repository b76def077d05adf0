# find_package(seccm-twin) -> seccm::sim, seccm::models, seccm::roles, seccm::decorators, seccm::twin, seccm::files, seccm::scan,
# seccm::analysis, seccm::validation, seccm::report, seccm::scenarios.
include(CMakeFindDependencyMacro)
find_dependency(Eigen3)
find_dependency(Boost)
find_dependency(OpenMP COMPONENTS CXX)
find_dependency(fmt)
find_dependency(nlohmann_json)
find_dependency(PNG)
find_dependency(ZLIB)
find_dependency(TIFF)
find_dependency(pugixml)
find_dependency(Threads)
include(${CMAKE_CURRENT_LIST_DIR}/seccm-twin-targets.cmake)
