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

# What a sanitizer's build of three kinds of code costs: most of it is code generation, so that what need not be fast is not
# optimised. The catalog does the work of every test and stays optimised.
#   lodestone_compile_as_adapter(<target>)  bindings and programs: translators
#   lodestone_compile_as_test(<target>)     tests: long lists of checks, whose own pointers need no check of their own beside
#                                           AddressSanitizer's, and which no fuzzer is to be led by
function(lodestone_compile_as_adapter target)
  if(LODESTONE_SANITIZE)
    target_compile_options(${target} PRIVATE -O0)
  endif()
endfunction()
function(lodestone_compile_as_test target)
  lodestone_compile_as_adapter(${target})
  if(LODESTONE_SANITIZE MATCHES "undefined")
    target_compile_options(${target} PRIVATE -fno-sanitize=alignment,vptr)
  endif()
  if(LODESTONE_FUZZ)
    target_compile_options(${target} PRIVATE -fno-sanitize=fuzzer-no-link)
  endif()
endfunction()

if(LODESTONE_PCH)
  _lodestone_precompiled_target(lodestone_precompiled)
  if(LODESTONE_SANITIZE)
    _lodestone_precompiled_target(lodestone_precompiled_adapters)
    lodestone_compile_as_adapter(lodestone_precompiled_adapters)
  endif()
  if(LODESTONE_TESTS)
    _lodestone_precompiled_target(lodestone_precompiled_tests DEPS GTest::gmock GTest::gtest HEADERS <gmock/gmock.h> <gtest/gtest.h>)
    lodestone_compile_as_test(lodestone_precompiled_tests)
  endif()
endif()

function(lodestone_precompile target)
  set(precompiled lodestone_precompiled)
  get_target_property(folder ${target} SOURCE_DIR)
  if(LODESTONE_SANITIZE AND folder MATCHES "^${PROJECT_SOURCE_DIR}/(bindings|tools)/")
    lodestone_compile_as_adapter(${target})
    set(precompiled lodestone_precompiled_adapters)
  endif()
  if(LODESTONE_PCH)
    target_precompile_headers(${target} REUSE_FROM ${precompiled})
  endif()
endfunction()

function(lodestone_precompile_test target)
  lodestone_compile_as_test(${target})
  if(LODESTONE_PCH)
    target_precompile_headers(${target} REUSE_FROM lodestone_precompiled_tests)
  endif()
endfunction()
