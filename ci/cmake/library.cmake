# SPDX-License-Identifier: MIT
# libshakedown: every room but cli, as a shared and as a static library, with what goes with it into an installation.
# Both show the outside nothing but the shakedown_* of harness/include/shakedown.

function(shakedown_library)
  cmake_parse_arguments(library "" "" "ROOMS;LIBRARIES" ${ARGN})
  if(shakedown_on_demand)
    return()
  endif()
  set(rooms)
  set(archives)
  foreach(room ${library_ROOMS})
    get_target_property(type ${room}_room TYPE)
    if(type STREQUAL "STATIC_LIBRARY")
      list(APPEND rooms ${room}_room)
      list(APPEND archives $<TARGET_FILE:${room}_room>)
    endif()
  endforeach()

  # One relocatable of all rooms, in which every name of our own is made local: an archive of the rooms as they are
  # would put names such as `text_append` in the way of the program that links it.
  set(merged ${CMAKE_BINARY_DIR}/libshakedown.o)
  add_custom_command(
    OUTPUT ${merged}
    COMMAND ${CMAKE_LINKER} -r --whole-archive ${archives} -o ${merged}
    COMMAND ${CMAKE_OBJCOPY} --wildcard --keep-global-symbol=shakedown_* ${merged}
    DEPENDS ${rooms}
    COMMENT "Merging the rooms into libshakedown.o"
    VERBATIM)
  add_library(libshakedown_static STATIC ${merged})
  set_target_properties(libshakedown_static PROPERTIES OUTPUT_NAME shakedown LINKER_LANGUAGE C)

  set(exports ${CMAKE_CURRENT_SOURCE_DIR}/ci/cmake/libshakedown.map)
  add_library(libshakedown SHARED ${merged})
  target_link_libraries(libshakedown PRIVATE ${library_LIBRARIES})
  target_link_options(libshakedown PRIVATE -Wl,--version-script=${exports})
  set_target_properties(libshakedown PROPERTIES
    OUTPUT_NAME shakedown LINKER_LANGUAGE C LINK_DEPENDS ${exports}
    VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR})

  install(TARGETS libshakedown LIBRARY ARCHIVE)
  install(TARGETS libshakedown_static ARCHIVE)
  install(DIRECTORY harness/include/shakedown DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
  install(FILES harness/cli/man/shakedown.1 harness/cli/man/packetdrill.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
  install(FILES harness/library/man/shakedown.3 DESTINATION ${CMAKE_INSTALL_MANDIR}/man3)
  install(DIRECTORY examples/ DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples)
  shakedown_pkg_config("${library_LIBRARIES}")
endfunction()

# shakedown.pc, which finds its prefix from where it lies: `cmake --install --prefix` may put it anywhere. What the static
# form needs is named as libraries, not as required packages: those would draw in what a fully static libpcap needs,
# which Debian does not have.
function(shakedown_pkg_config libraries)
  string(REPLACE ";" " " SHAKEDOWN_LIBRARIES "${libraries}")
  set(place ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
  file(RELATIVE_PATH SHAKEDOWN_PREFIX_FROM_PC /${place} /)
  configure_file(ci/cmake/shakedown.pc.in shakedown.pc @ONLY)
  install(FILES ${CMAKE_BINARY_DIR}/shakedown.pc DESTINATION ${place})
endfunction()

# Installs into a scratch folder, and builds and runs a program that knows nothing but what is there; and holds the
# manual to what the program says of itself.
function(shakedown_install_test)
  if(NOT BUILD_TESTING OR shakedown_on_demand)
    return()
  endif()
  separate_arguments(flags UNIX_COMMAND "${CMAKE_C_FLAGS}")
  set(target ${SHAKEDOWN_TEST_PREFIX}install)
  add_test(NAME ${target}
    COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/harness/tests/install/test_install ${CMAKE_BINARY_DIR} ${CMAKE_COMMAND}
            ${PROJECT_VERSION} ${CMAKE_C_COMPILER} ${flags})
  set_tests_properties(${target} PROPERTIES LABELS install RUN_SERIAL TRUE TIMEOUT 120)
  if(TARGET shakedown)
    set(target ${SHAKEDOWN_TEST_PREFIX}manual)
    add_test(NAME ${target}
      COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/harness/tests/install/test_manual $<TARGET_FILE:shakedown>
              ${CMAKE_CURRENT_SOURCE_DIR}/harness/cli/man/shakedown.1)
    set_tests_properties(${target} PROPERTIES LABELS install)
  endif()
endfunction()
