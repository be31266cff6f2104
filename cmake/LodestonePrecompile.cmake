# Precompiled headers: most of the time of a compilation goes into reading protobuf, abseil and GoogleTest. Only headers
# from outside and generated ones stand here, so that a change of the project's own recompiles what includes it and no more.
# Off (LODESTONE_PCH=OFF), every file has to include what it uses; both must build.
#
#   lodestone_precompile(<target>)        for targets of the library and the programs
#   lodestone_precompile_test(<target>)   for tests, which see GoogleTest as well

set(_lodestone_precompiled
  <algorithm> <atomic> <cstdint> <functional> <map> <memory> <optional> <span> <string> <string_view> <utility> <vector>
  <absl/container/flat_hash_map.h> <absl/container/flat_hash_set.h> <absl/status/status.h> <absl/status/statusor.h>
  <absl/strings/str_cat.h> <absl/synchronization/mutex.h> <lodestone/model/v1/constraint.pb.h>
  <lodestone/model/v1/event.pb.h> <lodestone/model/v1/function.pb.h> <lodestone/model/v1/partition.pb.h>
  <lodestone/model/v1/statistics.pb.h> <lodestone/model/v1/catalog.pb.h>)

function(_lodestone_precompiled_target name)
  cmake_parse_arguments(ARG "" "" "DEPS;HEADERS" ${ARGN})
  file(GENERATE OUTPUT ${CMAKE_BINARY_DIR}/${name}.cc CONTENT "// Nothing: carries a precompiled header.\n")
  add_library(${name} OBJECT ${CMAKE_BINARY_DIR}/${name}.cc)
  target_link_libraries(${name} PRIVATE lodestone_flags lodestone_proto absl::status absl::statusor absl::strings
    absl::flat_hash_map absl::flat_hash_set absl::synchronization ${ARG_DEPS})
  target_precompile_headers(${name} PRIVATE ${_lodestone_precompiled} ${ARG_HEADERS})
endfunction()

# Tests are long lists of checks, which AddressSanitizer's optimised build takes three times as long to compile; what they
# test stays optimised.
function(lodestone_compile_as_test target)
  if(LODESTONE_SANITIZE MATCHES "address")
    target_compile_options(${target} PRIVATE -O0)
  endif()
endfunction()

if(LODESTONE_PCH)
  _lodestone_precompiled_target(lodestone_precompiled)
  if(LODESTONE_TESTS)
    _lodestone_precompiled_target(lodestone_precompiled_tests DEPS GTest::gmock GTest::gtest HEADERS <gmock/gmock.h> <gtest/gtest.h>)
    lodestone_compile_as_test(lodestone_precompiled_tests)
  endif()
endif()

function(lodestone_precompile target)
  if(LODESTONE_PCH)
    target_precompile_headers(${target} REUSE_FROM lodestone_precompiled)
  endif()
endfunction()

function(lodestone_precompile_test target)
  lodestone_compile_as_test(${target})
  if(LODESTONE_PCH)
    target_precompile_headers(${target} REUSE_FROM lodestone_precompiled_tests)
  endif()
endfunction()
