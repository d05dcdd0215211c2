# SPDX-License-Identifier: MIT
# How the rooms of harness/, their tests, the program and the end-to-end tests are built. Where fuzz targets are what is
# built, rooms are built as far as those need them.
if(SHAKEDOWN_FUZZ STREQUAL "replay")
  set(shakedown_on_demand)
else()
  set(shakedown_on_demand EXCLUDE_FROM_ALL)
endif()

# A room is a folder of harness/: a static library of its own. Its headers are reached as "room/header.h" through a
# folder that holds nothing but a link to the room, so that using a room that is not among USES does not compile.
# cli's main.c is left to the program, so that the rest of that room can be linked into tests. A room whose tests are LIVE
# deals with a running kernel in real time: its tests have the machine to themselves.
function(shakedown_room name)
  cmake_parse_arguments(room "LIVE" "" "USES;LIBRARIES" ${ARGN})
  set(folder ${CMAKE_CURRENT_SOURCE_DIR}/harness/${name})
  set(reach ${CMAKE_BINARY_DIR}/rooms/${name})
  list(TRANSFORM room_USES APPEND _room)
  file(MAKE_DIRECTORY ${reach})
  file(CREATE_LINK ${folder} ${reach}/${name} SYMBOLIC)
  # Messages, debuggers and coverage are to name a header by its own place.
  set(own_place -ffile-prefix-map=${reach}/${name}=${folder})
  file(GLOB sources CONFIGURE_DEPENDS ${folder}/*.c)
  list(REMOVE_ITEM sources ${folder}/main.c)
  if(NOT sources)
    # Not furnished yet: its headers can be reached, and that is all.
    add_library(${name}_room INTERFACE)
    target_include_directories(${name}_room INTERFACE ${reach})
    target_compile_options(${name}_room INTERFACE ${own_place})
    target_link_libraries(${name}_room INTERFACE ${room_USES} ${room_LIBRARIES})
    return()
  endif()
  add_library(${name}_room STATIC ${shakedown_on_demand} ${sources})
  if(CMAKE_C_CLANG_TIDY)
    # What was tidy may no longer be when the checks have changed.
    set_source_files_properties(${sources} PROPERTIES OBJECT_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/.clang-tidy)
  endif()
  target_include_directories(${name}_room PUBLIC ${reach} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/harness/include)
  target_compile_options(${name}_room PUBLIC ${own_place})
  target_compile_definitions(${name}_room PRIVATE SHAKEDOWN_VERSION="${PROJECT_VERSION}"
    SHAKEDOWN_STACKS_FROM_PROGRAM="../${CMAKE_INSTALL_LIBDIR}/shakedown/stacks")
  target_link_libraries(${name}_room PUBLIC ${room_USES} ${room_LIBRARIES})

  file(GLOB tests CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/harness/tests/${name}/test_*.c)
  foreach(test ${tests})
    get_filename_component(module ${test} NAME_WE)
    set(target ${name}_${module})
    shakedown_test(${target} ${test} ${name})
    if(room_LIVE AND TARGET ${target})
      set_tests_properties(${SHAKEDOWN_TEST_PREFIX}${target} PROPERTIES RUN_SERIAL TRUE)
    endif()
  endforeach()
endfunction()

# One test executable of one source, which may use ROOM and what is beneath it.
function(shakedown_test target source room)
  if(NOT BUILD_TESTING)
    return()
  endif()
  add_executable(${target} ${source})
  target_include_directories(${target} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/harness/include)
  target_link_libraries(${target} PRIVATE ${room}_room PkgConfig::CMOCKA)
  target_compile_definitions(${target} PRIVATE SHAKEDOWN_SOURCE_DIR="${CMAKE_CURRENT_SOURCE_DIR}")
  add_test(NAME ${SHAKEDOWN_TEST_PREFIX}${target} COMMAND ${target})
  set_tests_properties(${SHAKEDOWN_TEST_PREFIX}${target} PROPERTIES LABELS ${room} TIMEOUT 120)
endfunction()

# The program itself, and the data it comes with.
function(shakedown_program)
  file(GLOB main CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/harness/cli/main.c)
  if(NOT main OR shakedown_on_demand)
    return()
  endif()
  add_executable(shakedown ${main})
  target_include_directories(shakedown PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/harness/include)
  target_link_libraries(shakedown PRIVATE cli_room)
  install(TARGETS shakedown RUNTIME)
  # Under another name it stands in for packetdrill: beside the program, here and where it is installed.
  add_custom_command(TARGET shakedown POST_BUILD
    COMMAND ${CMAKE_COMMAND} -E create_symlink shakedown packetdrill
    WORKING_DIRECTORY $<TARGET_FILE_DIR:shakedown> VERBATIM)
  install(FILES $<TARGET_FILE_DIR:shakedown>/packetdrill TYPE BIN)
  # What stacks are known to do otherwise, where the program looks for it: beside its own folder.
  install(DIRECTORY targets/stacks DESTINATION share/shakedown FILES_MATCHING PATTERN deviations.conf
    PATTERN judged.conf)
  # What traffic is judged by.
  install(FILES specs/tcp-handshake.spec DESTINATION share/shakedown)
  install(DIRECTORY specs/variants DESTINATION share/shakedown)
  # What `conform` runs.
  install(DIRECTORY specs/suites DESTINATION share/shakedown)
  # What requirements ask for.
  install(DIRECTORY specs/requirements DESTINATION share/shakedown FILES_MATCHING PATTERN *.conf)
endfunction()

# End-to-end tests run the built program (SHAKEDOWN_PROGRAM) on the live kernel, one at a time.
function(shakedown_end_to_end_tests)
  if(NOT TARGET shakedown)
    return()
  endif()
  file(GLOB tests CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/harness/tests/e2e/*.c)
  foreach(test ${tests})
    get_filename_component(module ${test} NAME_WE)
    set(target e2e_${module})
    shakedown_test(${target} ${test} cli)
    if(TARGET ${target})
      target_compile_definitions(${target} PRIVATE SHAKEDOWN_PROGRAM="$<TARGET_FILE:shakedown>")
      add_dependencies(${target} shakedown)
      set_tests_properties(${SHAKEDOWN_TEST_PREFIX}${target} PROPERTIES LABELS e2e RUN_SERIAL TRUE TIMEOUT 300)
    endif()
  endforeach()
endfunction()
