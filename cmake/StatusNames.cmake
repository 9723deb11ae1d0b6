# cmake -DINPUT=ntstatus.h -DOUTPUT=status_names.inc -P StatusNames.cmake
# Turns "#define STATUS_X ((NTSTATUS)0x...)" into {0x..., "STATUS_X"}, lines in order.
file(STRINGS ${INPUT} lines REGEX "#define[ \t]+STATUS_[A-Z0-9_]+[ \t]+.*0x[0-9A-Fa-f]+")
set(text "")
foreach(line IN LISTS lines)
  if(line MATCHES "STATUS_SEVERITY_")  # a field of statuses, not one of them
    continue()
  endif()
  if(line MATCHES "#define[ \t]+(STATUS_[A-Z0-9_]+)[ \t]+.*(0x[0-9A-Fa-f]+)")
    string(APPEND text "{${CMAKE_MATCH_2}u, \"${CMAKE_MATCH_1}\"},\n")
  endif()
endforeach()
file(WRITE ${OUTPUT} "${text}")
