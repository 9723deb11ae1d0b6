# Installs to a folder of its own and uses only what is there: runs the tool on the demo's bench,
# and builds and runs the unit-test example by find_package and by pkg-config.
#
# BUILD, PREFIX, BENCH, CXX, SANITIZE; EXAMPLE: folder of the example, or empty.
cmake_minimum_required(VERSION 3.25)

function(run what)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "${what} failed (${result}):\n${output}")
  endif()
  set(output "${output}" PARENT_SCOPE)
endfunction()

file(REMOVE_RECURSE ${PREFIX})
run("cmake --install" ${CMAKE_COMMAND} --install ${BUILD} --prefix ${PREFIX})
foreach(file IN ITEMS bin/gpioclx share/gpioclx/wdk/km/gpioclx.h share/gpioclx/wdk/wdf/wdf.h share/gpioclx/wudfx/module.cpp
    share/gpioclx/maps/pl061.toml lib/gpioclx/drivers/msgpioclx.sys lib/gpioclx/drivers/exports.txt)
  if(NOT EXISTS ${PREFIX}/${file})
    message(FATAL_ERROR "${file} is not installed")
  endif()
endforeach()

# The tool finds its files beside itself; an environment from outside must not help, and nothing that
# was built before.
unset(ENV{GPIOCLX_HOME})
file(REMOVE_RECURSE ${PREFIX}-cache)
set(ENV{GPIOCLX_CACHE} ${PREFIX}-cache)
run("the installed tool" ${PREFIX}/bin/gpioclx run ${BENCH} --quiet)

# What it uses is what was installed: it fails when that is broken.
foreach(file IN ITEMS share/gpioclx/wdk/wdf/wdf.h share/gpioclx/maps/pl061.toml lib/gpioclx/drivers/acpi_bus.sys)
  file(RENAME ${PREFIX}/${file} ${PREFIX}/${file}.kept)
  execute_process(COMMAND ${PREFIX}/bin/gpioclx run ${BENCH} --quiet RESULT_VARIABLE result
    OUTPUT_QUIET ERROR_QUIET)
  file(RENAME ${PREFIX}/${file}.kept ${PREFIX}/${file})
  if(NOT result EQUAL 2)
    message(FATAL_ERROR "without its ${file} the installed tool ends with ${result}, not with 2")
  endif()
endforeach()

if(NOT EXAMPLE)
  message(STATUS "not tried: the example against the installed library, for there is none")
  return()
endif()

# Folders of src/ must not have leaked: the installed headers include each other and the standard
# library only (and GoogleTest, in gtest.h).
file(GLOB headers ${PREFIX}/include/gpioclx/*.h)
foreach(header IN LISTS headers)
  file(STRINGS ${header} includes REGEX "^[ \t]*#[ \t]*include")
  foreach(line IN LISTS includes)
    if(NOT line MATCHES "<(gpioclx/[a-z_]+\\.h|gtest/gtest\\.h|[a-z_]+)>")
      message(FATAL_ERROR "${header}: ${line}")
    endif()
    if(line MATCHES "<(gpioclx/[a-z_]+\\.h)>" AND NOT EXISTS ${PREFIX}/include/${CMAKE_MATCH_1})
      message(FATAL_ERROR "${header}: ${line}, which is not installed")
    endif()
  endforeach()
endforeach()

# The library knows where it was found, and takes the tool of that installation.
set(flags "")
if(SANITIZE)
  set(flags "-fsanitize=address,undefined")
endif()
set(built ${PREFIX}-example)
file(REMOVE_RECURSE ${built})
run("configuring the example" ${CMAKE_COMMAND} -S ${EXAMPLE} -B ${built} -G Ninja -DCMAKE_PREFIX_PATH=${PREFIX}
  -DCMAKE_CXX_COMPILER=${CXX} -DCMAKE_CXX_FLAGS=${flags})
run("building the example" ${CMAKE_COMMAND} --build ${built})
run("the example" ${CMAKE_CTEST_COMMAND} --test-dir ${built} --output-on-failure --no-tests=error)

find_program(pkg_config pkg-config)
if(NOT pkg_config)
  message(STATUS "not tried: pkg-config, for it is not installed")
  return()
endif()
# Moved elsewhere: nothing may depend on the prefix that was named when it was installed.
set(moved ${PREFIX}-moved)
file(REMOVE_RECURSE ${moved})
file(RENAME ${PREFIX} ${moved})
set(ENV{PKG_CONFIG_PATH} ${moved}/lib/pkgconfig)
run("pkg-config" ${pkg_config} --cflags --libs gpioclx gtest_main)
separate_arguments(words UNIX_COMMAND "${output}")
separate_arguments(more UNIX_COMMAND "${flags}")
# One file is enough to see that it compiles, links and finds its tool.
run("building with pkg-config" ${CXX} ${EXAMPLE}/led_test.cpp -DPUSHBUTTON_BENCH="${BENCH}"
  ${more} ${words} -o ${built}/by_pkg_config)
run("the example, built with pkg-config" ${built}/by_pkg_config --gtest_filter=*set_switches*)
if(NOT output MATCHES "1 test from")
  message(FATAL_ERROR "it ran no test:\n${output}")
endif()
