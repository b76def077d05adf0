# One CMake target per line of cmake/boxes.txt. The sources of a box are the .cpp files of its folder.
add_library(seccm_flags INTERFACE)
target_include_directories(seccm_flags INTERFACE $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>
                           $<INSTALL_INTERFACE:include/seccm>)
target_compile_features(seccm_flags INTERFACE cxx_std_20)
target_compile_options(seccm_flags INTERFACE
  "$<BUILD_INTERFACE:-Wall;-Wextra;-Wpedantic;-Wconversion;-fopenmp-simd>"
  # Files compiled in one piece see each other's anonymous namespaces: there these two warnings say nothing.
  $<IF:$<BOOL:${CMAKE_UNITY_BUILD}>,$<$<CXX_COMPILER_ID:GNU>:$<BUILD_INTERFACE:-Wno-subobject-linkage;-Wshadow=local>>,$<BUILD_INTERFACE:-Wshadow>>
  $<$<BOOL:${SECCM_WARNINGS_AS_ERRORS}>:$<BUILD_INTERFACE:-Werror>>)
# Portable baseline: every x86-64 machine since 2009. Kernels that gain from AVX2 or AVX-512 carry their own clones.
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  target_compile_options(seccm_flags INTERFACE $<BUILD_INTERFACE:-march=x86-64-v2>)
endif()
if(SECCM_SANITIZE)
  target_compile_options(seccm_flags INTERFACE -fsanitize=${SECCM_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer -g1
                         # With sanitizers no loop turns into vector code; clang warns where the source asks for it.
                         $<$<CXX_COMPILER_ID:Clang>:-Wno-pass-failed>)
  target_link_options(seccm_flags INTERFACE -fsanitize=${SECCM_SANITIZE})
  target_compile_definitions(seccm_flags INTERFACE SECCM_SANITIZED)
endif()

function(seccm_box name folder)
  list(TRANSFORM ARGN PREPEND seccm_)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${folder}/*.cpp)
  if(name STREQUAL "cli")  # the command
    set(seccm_cli_sources ${sources} PARENT_SCOPE)
    set(seccm_cli_links ${ARGN} PARENT_SCOPE)
    return()
  endif()
  if(sources)
    add_library(seccm_${name} STATIC ${sources})
    target_link_libraries(seccm_${name} PUBLIC seccm_flags ${ARGN})
  else()
    add_library(seccm_${name} INTERFACE)
    target_link_libraries(seccm_${name} INTERFACE seccm_flags ${ARGN})
  endif()
  # An installed program links seccm::models, seccm::roles, ...
  set_target_properties(seccm_${name} PROPERTIES EXPORT_NAME ${name})
  set_property(GLOBAL APPEND PROPERTY SECCM_BOXES seccm_${name})
  set_property(GLOBAL APPEND PROPERTY SECCM_FOLDERS ${folder})
endfunction()

macro(seccm_boxes list)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${list})
  file(STRINGS ${list} seccm_lines REGEX "^[a-z]")
  foreach(line IN LISTS seccm_lines)
    string(REGEX REPLACE " +" ";" line "${line}")
    seccm_box(${line})
  endforeach()
endmacro()
