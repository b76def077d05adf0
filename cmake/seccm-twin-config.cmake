# find_package(seccm-twin) -> seccm::sim, seccm::models, seccm::roles, ...: a target for every line of cmake/boxes.txt but
# the command's. Needs C and C++ as languages of the project.
include(${CMAKE_CURRENT_LIST_DIR}/dependencies.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/seccm-twin-targets.cmake)
