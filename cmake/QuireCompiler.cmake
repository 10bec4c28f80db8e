# Warnings are errors in our code; foreign headers are SYSTEM.
add_library(quire_warnings INTERFACE)
target_compile_options(quire_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Werror -Wshadow -Wnon-virtual-dtor -Wold-style-cast -Wcast-align
  -Woverloaded-virtual -Wconversion -Wsign-conversion -Wnull-dereference -Wimplicit-fallthrough)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 reports these falsely inside the standard library when it inlines.
  target_compile_options(quire_warnings INTERFACE -Wno-null-dereference -Wno-stringop-overflow -Wno-array-bounds -Wno-restrict)
endif()

if(QUIRE_FUZZERS)
  add_compile_options(-fsanitize=fuzzer-no-link)  # coverage of all our code, for libFuzzer to steer by
endif()

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
    CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime CCACHE_NOHASHDIR=1
    CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} ${CCACHE})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    add_compile_options(-fpch-preprocess)  # ccache needs it to cache files that use a precompiled header
  endif()
endif()

# Where tests and their data find the source tree.
add_library(quire_root INTERFACE)
target_include_directories(quire_root INTERFACE ${CMAKE_SOURCE_DIR})
