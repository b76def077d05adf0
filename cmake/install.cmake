# `install` puts the headers under include/seccm/, so that another program can link the models or implement a driver.
foreach(folder sim models files instrument/roles instrument/twin instrument/decorators pipeline/scan pipeline/analysis pipeline/validation config scenarios rigs jobs)
  install(DIRECTORY ${PROJECT_SOURCE_DIR}/${folder}/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/seccm/${folder}
          FILES_MATCHING PATTERN "*.hpp")
endforeach()
if(TARGET seccm)
  install(TARGETS seccm RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()
install(DIRECTORY ${PROJECT_SOURCE_DIR}/scenarios/ DESTINATION ${CMAKE_INSTALL_DATADIR}/seccm/scenarios
        FILES_MATCHING PATTERN "*.toml")

# The CMake package: find_package(seccm-twin), then link seccm::models, seccm::roles, seccm::twin, ...
include(CMakePackageConfigHelpers)
get_property(boxes GLOBAL PROPERTY SECCM_BOXES)
install(TARGETS ${boxes} seccm_flags seccm_hdf5 seccm_opencv seccm_tomlplusplus seccm_random123 seccm_sundials seccm_aravis EXPORT seccm-twin-targets
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(EXPORT seccm-twin-targets NAMESPACE seccm:: DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/seccm-twin)
configure_file(cmake/seccm-twin-config.cmake seccm-twin-config.cmake COPYONLY)
write_basic_package_version_file(seccm-twin-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/seccm-twin-config.cmake ${PROJECT_BINARY_DIR}/seccm-twin-config-version.cmake
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/seccm-twin)

# libNiFpga.so goes into a folder of its own: in the library path it would shadow the vendor's.
install(TARGETS NiFpga LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/seccm)
install(FILES ${PROJECT_SOURCE_DIR}/instrument/wecspm/software_target.lvbitx DESTINATION ${CMAKE_INSTALL_DATADIR}/seccm)
