# How the folders of src/ become targets. Two functions: gx_library for a folder, gx_test for the
# unit tests that stand beside its code.
include(CheckCXXCompilerFlag)

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE RelWithDebInfo)
endif()

# RelWithDebInfo is what is developed and tested with: CMake's own turns assertions off, and takes twice as
# long to compile (-O2 -g). Full debug information: -DCMAKE_BUILD_TYPE=Debug.
foreach(language IN ITEMS C CXX)
  set(CMAKE_${language}_FLAGS_RELWITHDEBINFO "-O1 -g1")
endforeach()

option(GPIOCLX_SANITIZE "Build with AddressSanitizer and UndefinedBehaviorSanitizer" OFF)

find_program(GX_CCACHE ccache)
if(GX_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_C_COMPILER_LAUNCHER ${GX_CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${GX_CCACHE})
  if(GPIOCLX_SANITIZE)
    # What ccache asks for before it takes precompiled headers (gx_cheap_test); nobody here uses __TIME__.
    list(PREPEND CMAKE_CXX_COMPILER_LAUNCHER env CCACHE_SLOPPINESS=pch_defines,time_macros)
  endif()
endif()

add_compile_options(-Wall -Wextra -fno-omit-frame-pointer)
if(GPIOCLX_SANITIZE)
  add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=undefined)
  add_link_options(-fsanitize=address,undefined)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    # Fibers are abandoned with the arena; fake stacks would outlive them. And the check of function
    # types reads in front of what is called: a null routine of a driver would be a read of our own.
    add_compile_options(-fsanitize-address-use-after-return=never -fno-sanitize=function)
  endif()
endif()

# Here and not in the folders: an imported target must be visible wherever objects are linked.
find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(Boost 1.74 REQUIRED COMPONENTS context)
find_package(pugixml REQUIRED)
find_package(Threads REQUIRED)
if(BUILD_TESTING)
  find_package(GTest REQUIRED)
  include(GoogleTest)
endif()

# gx_library(<folder> SOURCES ... [DEPENDS <folder>...] [LIBRARIES <target>...] [WDK])
# WDK: the folder includes the Windows headers of wdk/ and is compiled with their data model.
function(gx_library folder)
  cmake_parse_arguments(ARG "WDK" "" "SOURCES;DEPENDS;LIBRARIES" ${ARGN})
  add_library(gx_${folder} OBJECT ${ARG_SOURCES})
  target_include_directories(gx_${folder} PUBLIC ${PROJECT_SOURCE_DIR}/src)
  if(ARG_WDK)
    gx_use_wdk(gx_${folder})
  endif()
  # An object library passes on usage requirements, not objects: gx_objects collects those.
  foreach(dependency IN LISTS ARG_DEPENDS)
    target_link_libraries(gx_${folder} PUBLIC gx_${dependency})
  endforeach()
  target_link_libraries(gx_${folder} PUBLIC fmt::fmt ${ARG_LIBRARIES})
  set_property(TARGET gx_${folder} PROPERTY GX_DEPENDS ${ARG_DEPENDS})
  set_property(TARGET gx_${folder} PROPERTY GX_LIBRARIES ${ARG_LIBRARIES})
endfunction()

# gx_objects(<target> <folder>...): links the objects of the folders and of all they depend on.
function(gx_objects target)
  set(todo ${ARGN})
  set(done "")
  while(todo)
    list(POP_FRONT todo folder)
    if(folder IN_LIST done)
      continue()
    endif()
    list(APPEND done ${folder})
    get_property(more TARGET gx_${folder} PROPERTY GX_DEPENDS)
    list(APPEND todo ${more})
  endwhile()
  foreach(folder IN LISTS done)
    target_link_libraries(${target} PRIVATE gx_${folder})
  endforeach()
endfunction()

# The data model of the Windows headers for code of ours that includes them (STYLE.md, "Two worlds").
function(gx_use_wdk target)
  target_include_directories(${target} PUBLIC
    ${PROJECT_SOURCE_DIR}/wdk/km ${PROJECT_SOURCE_DIR}/wdk/wdf ${PROJECT_SOURCE_DIR}/wdk)
  target_compile_options(${target} PUBLIC -fshort-wchar -fms-extensions)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    target_compile_options(${target} PUBLIC -Wno-microsoft -Wno-ignored-attributes)
  endif()
  if(GPIOCLX_SANITIZE)
    # This code reads what drivers wrote. To Windows an enumeration is an int of any value and a pointer
    # may stand anywhere; a null pointer must fault as in all builds, so that it becomes a finding.
    target_compile_options(${target} PUBLIC -fno-sanitize=enum,alignment,null)
  endif()
  target_compile_definitions(${target} PUBLIC _KERNEL_MODE=1 _AMD64_=1 _WIN64=1 GPIOCLX_KERNEL_BUILD=1)
endfunction()

# Under the sanitizers the tests themselves are compiled as cheaply as can be, which is a third of what
# they cost with -O1. The other builds have no precompiled header: each file includes what it uses.
function(gx_cheap_test target)
  if(NOT GPIOCLX_SANITIZE)
    return()
  endif()
  target_compile_options(${target} PRIVATE -O0)
  # Some tests have files in C, which would be given such headers too.
  foreach(header IN ITEMS gtest/gtest.h algorithm functional map memory string vector)
    target_precompile_headers(${target} PRIVATE "$<$<COMPILE_LANGUAGE:CXX>:<${header}$<ANGLE-R>>")
  endforeach()
  if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    target_compile_options(${target} PRIVATE "SHELL:-Xclang -fno-pch-timestamp")
  endif()
endfunction()

# gx_test(<folder> SOURCES ... [DEPENDS <folder>...] [LIBRARIES ...] [DEFINITIONS ...]): one gtest
# binary a folder; nothing where tests are not built.
function(gx_test folder)
  if(NOT BUILD_TESTING)
    return()
  endif()
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS;LIBRARIES;DEFINITIONS" ${ARGN})
  string(REPLACE "/" "_" name ${folder})
  add_executable(gx_${name}_tests ${ARG_SOURCES})
  gx_objects(gx_${name}_tests ${ARG_DEPENDS})
  target_compile_definitions(gx_${name}_tests PRIVATE ${ARG_DEFINITIONS})
  target_link_libraries(gx_${name}_tests PRIVATE GTest::gtest_main ${ARG_LIBRARIES})
  gx_cheap_test(gx_${name}_tests)
  # No values in names: those of a structure are its bytes, padding and addresses among them.
  gtest_discover_tests(gx_${name}_tests TEST_PREFIX "${folder}/" DISCOVERY_MODE PRE_TEST
    NO_PRETTY_VALUES PROPERTIES LABELS "${folder}" TIMEOUT 300)
endfunction()
