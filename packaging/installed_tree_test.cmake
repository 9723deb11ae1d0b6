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
foreach(file IN ITEMS bin/gpioclx share/gpioclx/wdk/km/gpioclx.h share/gpioclx/wdk/wdf/wdf.h
    share/gpioclx/maps/pl061.toml lib/gpioclx/drivers/msgpioclx.sys lib/gpioclx/drivers/exports.txt)
  if(NOT EXISTS ${PREFIX}/${file})
    message(FATAL_ERROR "${file} is not installed")
  endif()
endforeach()

# The tool finds its files beside itself; an environment from outside must not help.
unset(ENV{GPIOCLX_HOME})
run("the installed tool" ${PREFIX}/bin/gpioclx run ${BENCH} --quiet)

if(NOT EXAMPLE)
  message(STATUS "not tried: the example against the installed library, for there is none")
  return()
endif()

# The library alone would find the build tree first.
set(ENV{GPIOCLX_HOME} ${PREFIX})
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
if(pkg_config)
  set(ENV{PKG_CONFIG_PATH} ${PREFIX}/lib/pkgconfig)
  run("pkg-config" ${pkg_config} --cflags --libs gpioclx)
  if(NOT output MATCHES "-I.*include" OR NOT output MATCHES "-lgpioclx")
    message(FATAL_ERROR "pkg-config says: ${output}")
  endif()
endif()
