# Apache Thrift: the compiler and the C++ library. find_package(Thrift) gives the target Thrift::thrift, the variable
# THRIFT_EXECUTABLE and
#
#   thrift_generate_types(<out> OUTPUT_DIR <directory> FILES <thrift>...)
#       Generates <directory>/<stem>_types.{h,cpp} from each file, and puts the sources that a build then compiles into
#       <out>. Files may include each other: when one changes, all are generated again. Services become no code that is
#       compiled; a file without types of its own has a header alone.
include(FindPackageHandleStandardArgs)

find_program(THRIFT_EXECUTABLE thrift)
find_path(THRIFT_INCLUDE_DIR thrift/Thrift.h)
find_library(THRIFT_LIBRARY thrift)
if(THRIFT_EXECUTABLE)
  execute_process(COMMAND ${THRIFT_EXECUTABLE} --version OUTPUT_VARIABLE _thrift_version OUTPUT_STRIP_TRAILING_WHITESPACE)
  string(REGEX REPLACE "^Thrift version " "" Thrift_VERSION "${_thrift_version}")
endif()
find_package_handle_standard_args(Thrift
  REQUIRED_VARS THRIFT_LIBRARY THRIFT_INCLUDE_DIR THRIFT_EXECUTABLE VERSION_VAR Thrift_VERSION)
mark_as_advanced(THRIFT_EXECUTABLE THRIFT_INCLUDE_DIR THRIFT_LIBRARY)

if(Thrift_FOUND AND NOT TARGET Thrift::thrift)
  add_library(Thrift::thrift UNKNOWN IMPORTED)
  set_target_properties(Thrift::thrift PROPERTIES
    IMPORTED_LOCATION ${THRIFT_LIBRARY} INTERFACE_INCLUDE_DIRECTORIES ${THRIFT_INCLUDE_DIR})
endif()

function(thrift_generate_types out)
  cmake_parse_arguments(ARG "" "OUTPUT_DIR" "FILES" ${ARGN})
  file(MAKE_DIRECTORY ${ARG_OUTPUT_DIR})
  list(TRANSFORM ARG_FILES PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/ OUTPUT_VARIABLE inputs)
  set(sources)
  foreach(input IN LISTS inputs)
    cmake_path(GET input STEM stem)
    file(STRINGS ${input} types REGEX "^(struct|union|enum|exception|typedef|const) ")
    set(outputs ${ARG_OUTPUT_DIR}/${stem}_types.h)
    if(types)
      list(APPEND outputs ${ARG_OUTPUT_DIR}/${stem}_types.cpp)
    endif()
    # Without comparing, which nobody does. Printing costs a twentieth, and tests say what they found.
    add_custom_command(
      OUTPUT ${outputs}
      COMMAND ${THRIFT_EXECUTABLE} -strict --gen cpp:no_skeleton,moveable_types,no_default_operators
              -out ${ARG_OUTPUT_DIR} ${input}
      DEPENDS ${inputs} VERBATIM)
    list(APPEND sources ${outputs})
  endforeach()
  set(${out} ${sources} PARENT_SCOPE)
endfunction()
