# ACPICA in user space, from Debian's package linux-source-6.1: target gx_acpica (a static library).
#
# The kernel's archive is 140 MB and takes a quarter of a minute to search, so the 3 MB that we
# need are kept per machine in $GPIOCLX_CACHE (default ~/.cache/gpioclx) and copied into the build
# folder. Nothing of it enters the repository.
#
# All mutable data of ACPICA ends up in one section, acpica_data (src/firmware/acpica_data.h says
# what for): the objects are linked into one relocatable object whose .data* and .bss are renamed.

set(GPIOCLX_LINUX_SOURCE /usr/src/linux-source-6.1.tar.xz CACHE FILEPATH
  "Archive of the Debian package linux-source-6.1 (ACPICA is taken from it)")

function(gx_extract_acpica destination)
  if(EXISTS ${destination}/complete)
    return()
  endif()
  if(NOT EXISTS ${GPIOCLX_LINUX_SOURCE})
    message(FATAL_ERROR "ACPICA: ${GPIOCLX_LINUX_SOURCE} is missing. Install the Debian package "
      "linux-source-6.1, or set GPIOCLX_LINUX_SOURCE to its archive.")
  endif()

  set(cache $ENV{GPIOCLX_CACHE})
  if(NOT cache)
    set(cache $ENV{HOME}/.cache/gpioclx)
  endif()
  # A package update changes size or time, so that an old extract is never taken for the new one.
  file(SIZE ${GPIOCLX_LINUX_SOURCE} size)
  file(TIMESTAMP ${GPIOCLX_LINUX_SOURCE} time "%Y%m%d%H%M%S" UTC)
  set(kept ${cache}/acpica-6.1-${size}-${time})

  file(MAKE_DIRECTORY ${cache})
  file(LOCK ${cache}/acpica.lock GUARD FUNCTION TIMEOUT 300)
  if(NOT EXISTS ${kept}/drivers/acpi/acpica/Makefile)
    message(STATUS "ACPICA: extracting from ${GPIOCLX_LINUX_SOURCE} (once per machine)")
    file(REMOVE_RECURSE ${kept}.part)
    file(MAKE_DIRECTORY ${kept}.part)
    execute_process(
      COMMAND tar -xf ${GPIOCLX_LINUX_SOURCE} --strip-components=1 --wildcards
        "*/drivers/acpi/acpica/*" "*/include/acpi/*"
      WORKING_DIRECTORY ${kept}.part
      RESULT_VARIABLE failed ERROR_VARIABLE message)
    if(failed OR NOT EXISTS ${kept}.part/drivers/acpi/acpica/Makefile)
      message(FATAL_ERROR "ACPICA: cannot extract ${GPIOCLX_LINUX_SOURCE}: ${message}")
    endif()
    file(RENAME ${kept}.part ${kept})
  endif()

  file(COPY ${kept}/drivers ${kept}/include DESTINATION ${destination})
  # ACPICA marks one object for the kernel's leak detector; user space has none.
  file(WRITE ${destination}/include/linux/kmemleak.h "#define kmemleak_not_leak(p) ((void)(p))\n")
  file(WRITE ${destination}/complete "")
endfunction()

# gx_add_acpica(<source>...): with sources of ours that need ACPICA's internal headers.
function(gx_add_acpica)
  enable_language(C)
  set(root ${CMAKE_BINARY_DIR}/acpica)
  gx_extract_acpica(${root})

  set(defines _LINUX BUILDING_ACPICA ACPI_REDUCED_HARDWARE=1 ACPI_PCI_CONFIGURED)
  file(GLOB sources ${root}/drivers/acpi/acpica/*.c)
  # The debugger, the tools' printing and the debug allocator have no place in a machine.
  list(FILTER sources EXCLUDE REGEX "/(db[a-z]+|rsdump|nsdumpdv|utcache|utprint|uttrack)\\.c$")
  add_library(gx_acpica_objects OBJECT ${sources} ${ARGN})
  target_include_directories(gx_acpica_objects PRIVATE
    ${root}/include ${root}/drivers/acpi/acpica)
  target_compile_definitions(gx_acpica_objects PRIVATE ${defines})
  # Not our code: no warnings, no UBSan (it shifts and casts as the kernel may), and no red zones
  # between its variables, which a checkpoint copies as one range.
  # No optimization across files: its objects are joined into one below.
  target_compile_options(gx_acpica_objects PRIVATE -w -g1 -fno-strict-aliasing -fno-common
    -fno-data-sections -ffile-prefix-map=${root}=acpica)
  if(GPIOCLX_SANITIZE)
    target_compile_options(gx_acpica_objects PRIVATE -fno-sanitize=undefined)
    if(CMAKE_C_COMPILER_ID STREQUAL "Clang")
      target_compile_options(gx_acpica_objects PRIVATE "SHELL:-mllvm -asan-globals=0")
    else()
      target_compile_options(gx_acpica_objects PRIVATE "SHELL:--param asan-globals=0")
    endif()
  endif()

  set(object ${root}/acpica.o)
  set(renamed "")
  foreach(section .data .data.rel .data.rel.local .bss)
    list(APPEND renamed --rename-section ${section}=acpica_data,alloc,load,data,contents)
  endforeach()
  add_custom_command(OUTPUT ${object}
    COMMAND ${CMAKE_LINKER} -r -o ${object}.linked $<TARGET_OBJECTS:gx_acpica_objects>
    COMMAND ${CMAKE_OBJCOPY} ${renamed} ${object}.linked ${object}
    DEPENDS gx_acpica_objects $<TARGET_OBJECTS:gx_acpica_objects>
    COMMAND_EXPAND_LISTS VERBATIM COMMENT "Joining ACPICA into one object")
  set_source_files_properties(${object} PROPERTIES EXTERNAL_OBJECT TRUE GENERATED TRUE)
  add_library(gx_acpica STATIC ${object})
  set_target_properties(gx_acpica PROPERTIES LINKER_LANGUAGE C)
  set_target_properties(gx_acpica PROPERTIES GX_DEFINES "${defines}" GX_INCLUDE ${root}/include)
endfunction()

# For the sources that include ACPICA's headers; whoever uses those sources must not see them.
function(gx_use_acpica target)
  get_target_property(defines gx_acpica GX_DEFINES)
  get_target_property(include gx_acpica GX_INCLUDE)
  target_include_directories(${target} SYSTEM PRIVATE ${include})
  target_compile_definitions(${target} PRIVATE ${defines})
endfunction()
