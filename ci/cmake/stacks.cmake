# SPDX-License-Identifier: MIT
# A stack that runs inside the harness: a shared object that knows nothing but the plug-in ABI. The program finds it as
# stacks/NAME.so in its build, and in an installation as lib/shakedown/stacks/NAME.so.
function(shakedown_stack name)
  cmake_parse_arguments(stack "" "" "SOURCES" ${ARGN})
  if(shakedown_on_demand)
    return()
  endif()
  add_library(${name}_stack MODULE ${stack_SOURCES})
  target_include_directories(${name}_stack PRIVATE ${PROJECT_SOURCE_DIR}/harness/include)
  set_target_properties(${name}_stack PROPERTIES
    PREFIX "" OUTPUT_NAME ${name} SUFFIX .so LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/stacks)
  install(TARGETS ${name}_stack LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/shakedown/stacks)
  if(TARGET shakedown)
    add_dependencies(shakedown ${name}_stack)
  endif()
endfunction()

# Holds the suites and the judge against each of the sample stack's planted faults: none may survive.
function(shakedown_detection_test)
  if(NOT BUILD_TESTING OR shakedown_on_demand OR NOT TARGET shakedown OR SHAKEDOWN_TEST_PREFIX)
    return()
  endif()
  add_test(NAME detection
    COMMAND ${PROJECT_SOURCE_DIR}/ci/detection --program $<TARGET_FILE:shakedown> --least 119)
  set_tests_properties(detection PROPERTIES LABELS e2e TIMEOUT 900)
endfunction()

# The plug-ins that the tests of loading and of crashing use: plugins/NAME.so in the build.
function(shakedown_test_plugins)
  if(NOT BUILD_TESTING OR shakedown_on_demand)
    return()
  endif()
  file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/harness/tests/plugins/*.c)
  set(plugins)
  foreach(source ${sources})
    get_filename_component(name ${source} NAME_WE)
    add_library(plugin_${name} MODULE ${source})
    # What counts coverage would put a function of its own in the place of fork(), which one of them calls.
    target_compile_options(plugin_${name} PRIVATE -fno-builtin-fork)
    target_include_directories(plugin_${name} PRIVATE ${PROJECT_SOURCE_DIR}/harness/include)
    set_target_properties(plugin_${name} PROPERTIES
      PREFIX "" OUTPUT_NAME ${name} SUFFIX .so LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/plugins)
    list(APPEND plugins plugin_${name})
  endforeach()
  foreach(test stack_test_plugin engine_test_virtual e2e_test_stacks e2e_test_plugins cli_test_generated_mutants)
    if(TARGET ${test})
      add_dependencies(${test} sample_stack ${plugins})
      target_compile_definitions(${test} PRIVATE SHAKEDOWN_BINARY_DIR="${PROJECT_BINARY_DIR}")
    endif()
  endforeach()
  # Hundreds of specifications each: minutes on a busy machine.
  foreach(test spec_test_mutants cli_test_generated_mutants)
    if(TARGET ${test})
      set_tests_properties(${SHAKEDOWN_TEST_PREFIX}${test} PROPERTIES TIMEOUT 900)
    endif()
  endforeach()
endfunction()
