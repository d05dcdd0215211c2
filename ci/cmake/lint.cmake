# SPDX-License-Identifier: MIT
# The project's rules about its own sources, as tests. They are of the sources, not of a build: one build has them.
option(SHAKEDOWN_LINT "Test the sources themselves" OFF)
if(SHAKEDOWN_LINT AND BUILD_TESTING)
  foreach(check rules rules_see names licence notes lengths layout scripts deviations tidy)
    set(target ${SHAKEDOWN_TEST_PREFIX}lint_${check})
    add_test(NAME ${target} COMMAND ${PROJECT_SOURCE_DIR}/harness/tests/lint/lint.py ${check})
    set_tests_properties(${target} PROPERTIES LABELS lint TIMEOUT 60)
  endforeach()
  set_tests_properties(${SHAKEDOWN_TEST_PREFIX}lint_tidy PROPERTIES PROCESSORS 2 TIMEOUT 3000)
endif()
