# Tests of wdk/km and wdk/crt. GPIOCLX_WDF_HEADERS: the folder with wdf.h, which gpioclx.h and spbcx.h
# stand on.
set(GPIOCLX_WDF_HEADERS ${PROJECT_SOURCE_DIR}/wdk/wdf CACHE PATH "Folder with wdf.h")
set(km ${CMAKE_CURRENT_SOURCE_DIR}/km)
set(generated ${CMAKE_CURRENT_BINARY_DIR}/km_tests)
find_program(GX_DRIVER_CLANG NAMES clang-16)

gx_test(wdk_km SOURCES tests/km_inline_test.cpp)
gx_use_wdk(gx_wdk_km_tests)

if(NOT GX_DRIVER_CLANG OR NOT EXISTS ${GPIOCLX_WDF_HEADERS}/wdf.h)
  message(STATUS "wdk: compile tests of the driver headers need clang-16 and wdf.h; not run here")
  return()
endif()

# The driver kit's flags.
set(driver_flags -target x86_64-linux-gnu -fms-extensions -fms-compatibility -fshort-wchar
  -mms-bitfields
  -D_KERNEL_MODE=1 -D_AMD64_=1 -D_WIN64=1 -DDBG=1 -nostdlibinc
  -I${km} -I${CMAKE_CURRENT_SOURCE_DIR}/crt -I${GPIOCLX_WDF_HEADERS}
  -I${CMAKE_CURRENT_SOURCE_DIR} -fsyntax-only -Wall -Wextra -Werror -Wno-microsoft -Wno-multichar
  -Wno-duplicate-decl-specifier -Wno-pragma-pack
  -Wno-unused-function -Wno-unused-const-variable -Wno-missing-field-initializers)
set(kernel_flags -I${km} -I${GPIOCLX_WDF_HEADERS} -I${CMAKE_CURRENT_SOURCE_DIR}
  -fshort-wchar -fms-extensions -std=c++20 -D_KERNEL_MODE=1 -D_AMD64_=1 -D_WIN64=1
  -DGPIOCLX_KERNEL_BUILD=1 -fsyntax-only -Wall -Wextra -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  list(APPEND kernel_flags -Wno-microsoft -Wno-ignored-attributes)
endif()

function(gx_compile_test name)
  add_test(NAME wdk/${name} COMMAND ${ARGN})
  set_tests_properties(wdk/${name} PROPERTIES LABELS wdk TIMEOUT 120)
endfunction()
function(gx_driver_compile_test name source)
  gx_compile_test(${name}_c ${GX_DRIVER_CLANG} -x c ${driver_flags} ${ARGN} ${source})
  gx_compile_test(${name}_cxx ${GX_DRIVER_CLANG} -x c++ -std=c++17 ${driver_flags} ${ARGN} ${source})
endfunction()

set(here ${CMAKE_CURRENT_SOURCE_DIR}/tests)
gx_driver_compile_test(F16_every_callback_type_compiles ${here}/km_callbacks_test.c)
gx_driver_compile_test(F16_every_callback_type_compiles_in_its_oldest_form ${here}/km_callbacks_test.c
  -DGPIOCLX_COMPAT_WIN8)
gx_driver_compile_test(F17_structure_layout ${here}/km_layout_test.c)
gx_driver_compile_test(dialect_of_windows_drivers ${here}/km_dialect_test.c)
gx_compile_test(F17_structure_layout_kernel
  ${CMAKE_CXX_COMPILER} -x c++ ${kernel_flags} ${here}/km_layout_test.c)
gx_compile_test(standard_library_and_headers_together
  ${CMAKE_CXX_COMPILER} ${kernel_flags} ${here}/km_kernel_test.cpp)

# Each header alone, twice, in C, C++ and kernel C++.
file(GLOB headers CONFIGURE_DEPENDS RELATIVE ${km} ${km}/*.h)
foreach(header IN LISTS headers)
  if(header MATCHES "^(pshpack.|poppack)\\.h$")
    continue()
  endif()
  set(before "")
  if(header MATCHES "^(gpioclx|spbcx)\\.h$")
    set(before "#include <ntddk.h>\n#include <wdf.h>\n")
  endif()
  set(stem ${generated}/alone_${header})
  set(code "${before}#include <${header}>\n#include <${header}>\n")
  file(CONFIGURE OUTPUT ${stem}.c CONTENT "${code}" @ONLY)
  file(CONFIGURE OUTPUT ${stem}.cpp CONTENT "${code}" @ONLY)
  list(APPEND alone_c ${stem}.c)
  list(APPEND alone_cxx ${stem}.cpp)
endforeach()
gx_compile_test(each_header_stands_alone_in_c
  ${GX_DRIVER_CLANG} ${driver_flags} ${alone_c})
gx_compile_test(each_header_stands_alone_in_cxx
  ${GX_DRIVER_CLANG} -std=c++17 ${driver_flags} ${alone_cxx})
gx_compile_test(each_header_stands_alone_in_the_kernel
  ${CMAKE_CXX_COMPILER} ${kernel_flags} ${alone_cxx})
