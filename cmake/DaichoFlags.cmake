# Flags that every target shares. Warnings are errors; a third-party header is a system header and exempt.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

find_package(Threads REQUIRED)
add_library(daicho_flags INTERFACE)
target_compile_options(daicho_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror -fno-omit-frame-pointer)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # g++ 12 at -O2 sees overlaps and bounds in libstdc++'s own string code that are not there (GCC PR 105651, 105329).
  # The sanitised build checks the real ones.
  target_compile_options(daicho_flags INTERFACE -Wno-restrict -Wno-array-bounds -Wno-stringop-overflow -Wno-stringop-overread
   )
endif()
target_include_directories(daicho_flags INTERFACE "${CMAKE_SOURCE_DIR}/src")
target_link_libraries(daicho_flags INTERFACE Threads::Threads)

if(DAICHO_SANITIZE)
  target_compile_options(daicho_flags INTERFACE -fsanitize=${DAICHO_SANITIZE} -fno-sanitize-recover=all)
  target_link_options(daicho_flags INTERFACE -fsanitize=${DAICHO_SANITIZE})
endif()
if(DAICHO_FUZZ)
  # The rooms too must report what they cover, or the fuzzer is blind; the engine itself is linked in fuzz/.
  target_compile_options(daicho_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()
if(CMAKE_BUILD_TYPE STREQUAL "Release" OR CMAKE_BUILD_TYPE STREQUAL "RelWithDebInfo")
  target_compile_options(daicho_flags INTERFACE -fstack-protector-strong -D_FORTIFY_SOURCE=2)
  target_link_options(daicho_flags INTERFACE -Wl,-z,relro,-z,now)
endif()

# nlohmann's JSON and the standard library cost 5 s a file; most of that once a target is enough. No compiler cache: with
# g++ 12 its preprocessing of a precompiled header takes gigabytes.
set(DAICHO_COMMON_HEADERS
    <algorithm> <array> <cstdint> <functional> <map> <memory> <optional> <span> <string> <string_view> <utility> <vector>
    <nlohmann/json.hpp> <tl/expected.hpp>)
function(daicho_precompile target)
  target_precompile_headers(${target} PRIVATE ${DAICHO_COMMON_HEADERS} ${ARGN})
endfunction()
