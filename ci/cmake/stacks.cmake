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
