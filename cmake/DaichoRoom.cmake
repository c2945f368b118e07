# daicho_room(NAME [DEPENDS target...] [LIBRARIES lib...])
#
# One room = one folder = one static library daicho_NAME, made of every *.cpp below the calling folder that is not a
# test or a program's main, plus one test program NAME_test of every *_test.cpp. Globbing is on purpose: a file
# that lies in a room belongs to it, and a forgotten list entry can't leave a test out.
function(daicho_room name)
  cmake_parse_arguments(ROOM "" "FOLDER" "DEPENDS;LIBRARIES;EXCLUDE" ${ARGN})
  set(folder "${CMAKE_CURRENT_SOURCE_DIR}")
  if(ROOM_FOLDER)
    set(folder "${CMAKE_CURRENT_SOURCE_DIR}/${ROOM_FOLDER}")
  endif()
  file(GLOB_RECURSE all CONFIGURE_DEPENDS "${folder}/*.cpp")
  foreach(prefix ${ROOM_EXCLUDE})
    list(FILTER all EXCLUDE REGEX "^${CMAKE_CURRENT_SOURCE_DIR}/${prefix}")
  endforeach()
  set(tests ${all})
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
  set(sources ${all})
  list(FILTER sources EXCLUDE REGEX "(_test|/main|_main)\\.cpp$")

  if(NOT sources)
    message(STATUS "room ${name}: no sources yet")
    return()
  endif()
  add_library(daicho_${name} STATIC ${sources})
  set_target_properties(daicho_${name} PROPERTIES LINKER_LANGUAGE CXX)
  target_link_libraries(daicho_${name} PUBLIC daicho_flags ${ROOM_DEPENDS} PRIVATE ${ROOM_LIBRARIES})

  if(DAICHO_TESTS AND tests)
    add_executable(${name}_test ${tests})
    target_link_libraries(${name}_test PRIVATE daicho_${name} ${ROOM_LIBRARIES} GTest::gtest GTest::gmock GTest::gtest_main)
    target_include_directories(${name}_test PRIVATE "${CMAKE_SOURCE_DIR}/tests")  # for tests/support
    target_compile_definitions(${name}_test PRIVATE DAICHO_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
    gtest_discover_tests(${name}_test TEST_PREFIX "${name}." DISCOVERY_TIMEOUT 60 PROPERTIES LABELS unit TIMEOUT 300)
  endif()
endfunction()
