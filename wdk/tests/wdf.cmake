# Tests of the framework's headers. Expects GX_DRIVER_CLANG (the compiler of drivers), if it is set;
# finds clang-16 otherwise.
#
#   wdk/wdf_header_*   every header compiles alone, in C and in C++, as a driver sees it
#   wdk/wdf_layout_*   documented numbers and offsets
#   wdk/wdf_example_*  the shipped drivers compile without a warning
#   gx_wdk_wdf_tests   context types and _INIT helpers, with the project's own compiler

if(NOT BUILD_TESTING)
  return()
endif()
if(NOT GX_DRIVER_CLANG)
  find_program(GX_DRIVER_CLANG clang-16 REQUIRED)
endif()

set(gx_wdf_flags -target x86_64-linux-gnu -fms-extensions -fms-compatibility -fshort-wchar
  -mms-bitfields -D_KERNEL_MODE=1 -D_AMD64_=1 -D_WIN64=1 -DDBG=1 -DKMDF_VERSION_MAJOR=1
  -DKMDF_VERSION_MINOR=33 -nostdlibinc -Wall -Wextra -Werror -fsyntax-only
  -I${PROJECT_SOURCE_DIR}/wdk/km -I${PROJECT_SOURCE_DIR}/wdk/wdf)
if(EXISTS ${PROJECT_SOURCE_DIR}/wdk/crt)
  list(APPEND gx_wdf_flags -I${PROJECT_SOURCE_DIR}/wdk/crt)
endif()

function(gx_wdf_compile_test name language source)
  add_test(NAME wdk/wdf_${name}
    COMMAND ${GX_DRIVER_CLANG} -x ${language} ${gx_wdf_flags} ${ARGN} ${source})
  set_tests_properties(wdk/wdf_${name} PROPERTIES LABELS wdk)
endfunction()

# --- every header alone
file(GLOB headers CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/wdk/wdf/*.h)
foreach(header IN LISTS headers)
  get_filename_component(stem ${header} NAME_WE)
  set(probe ${CMAKE_CURRENT_BINARY_DIR}/wdf_headers/${stem}.c)
  file(CONFIGURE OUTPUT ${probe} CONTENT "#include \"${stem}.h\"\n")
  gx_wdf_compile_test(header_${stem}_c c ${probe})
  gx_wdf_compile_test(header_${stem}_cpp c++ ${probe})
endforeach()

# --- numbers
gx_wdf_compile_test(layout_c c ${CMAKE_CURRENT_LIST_DIR}/wdf_layout.c)
gx_wdf_compile_test(layout_cpp c++ ${CMAKE_CURRENT_LIST_DIR}/wdf_layout.c)

# --- the shipped drivers
foreach(driver IN ITEMS pl061gpio led button)
  gx_wdf_compile_test(example_${driver} c
    ${PROJECT_SOURCE_DIR}/examples/drivers/${driver}/${driver}.c
    -I${PROJECT_SOURCE_DIR}/examples/drivers/led)
endforeach()

# --- behaviour
add_executable(gx_wdk_wdf_tests
  ${CMAKE_CURRENT_LIST_DIR}/wdf_context_type_c.c
  ${CMAKE_CURRENT_LIST_DIR}/wdf_context_type_other.cpp
  ${CMAKE_CURRENT_LIST_DIR}/wdf_context_type_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/wdf_init_test.cpp)
gx_use_wdk(gx_wdk_wdf_tests)
target_link_libraries(gx_wdk_wdf_tests PRIVATE GTest::gtest_main)
gtest_discover_tests(gx_wdk_wdf_tests TEST_PREFIX "wdk/" DISCOVERY_MODE PRE_TEST
  PROPERTIES LABELS wdk TIMEOUT 120)
