# What `cmake --install BUILD --prefix PREFIX` puts where. PREFIX may be moved afterwards: its CMake package names no place
# that it was built or installed in, and the command finds its scenarios beside itself.
#
#   bin/seccm, share/seccm/scenarios      the command and its scenarios
#   include/seccm, lib/libseccm_*.a       all public headers and the boxes
#   lib/cmake/seccm-twin                  find_package(seccm-twin), then link seccm::models, seccm::roles, ...
#   lib/seccm/libNiFpga.so                the twin behind the FPGA Interface C API
# `install_manifest.txt` in the build lists every file: `xargs rm < BUILD/install_manifest.txt` takes them away again.
get_property(seccm_folders GLOBAL PROPERTY SECCM_FOLDERS)
foreach(folder ${seccm_folders})
  install(DIRECTORY ${PROJECT_SOURCE_DIR}/${folder}/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/seccm/${folder}
          FILES_MATCHING PATTERN "*.hpp")
endforeach()
install(TARGETS seccm RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/scenarios/ DESTINATION ${CMAKE_INSTALL_DATADIR}/seccm/scenarios
        FILES_MATCHING PATTERN "*.toml")

include(CMakePackageConfigHelpers)
set(seccm_package ${CMAKE_INSTALL_LIBDIR}/cmake/seccm-twin)
get_property(boxes GLOBAL PROPERTY SECCM_BOXES)
install(TARGETS ${boxes} seccm_flags EXPORT seccm-twin-targets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(EXPORT seccm-twin-targets NAMESPACE seccm:: DESTINATION ${seccm_package})
write_basic_package_version_file(seccm-twin-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_SOURCE_DIR}/cmake/seccm-twin-config.cmake ${PROJECT_SOURCE_DIR}/cmake/dependencies.cmake
              ${PROJECT_BINARY_DIR}/seccm-twin-config-version.cmake
        DESTINATION ${seccm_package})

# libNiFpga.so goes into a folder of its own: in the library path it would shadow the vendor's.
install(TARGETS NiFpga LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/seccm)
install(FILES ${PROJECT_SOURCE_DIR}/instrument/wecspm/software_target.lvbitx DESTINATION ${CMAKE_INSTALL_DATADIR}/seccm)
