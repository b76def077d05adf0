# `install` puts the headers under include/seccm/, so that another program can link the models or implement a driver.
foreach(folder sim models files instrument/roles instrument/twin instrument/decorators pipeline/scan pipeline/analysis pipeline/validation scenarios)
  install(DIRECTORY ${PROJECT_SOURCE_DIR}/${folder}/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/seccm/${folder}
          FILES_MATCHING PATTERN "*.hpp")
endforeach()
if(TARGET seccm)
  install(TARGETS seccm RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()
install(DIRECTORY ${PROJECT_SOURCE_DIR}/scenarios/ DESTINATION ${CMAKE_INSTALL_DATADIR}/seccm/scenarios
        FILES_MATCHING PATTERN "*.toml")
