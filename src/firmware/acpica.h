// ACPICA's public headers for the sources of this folder. Private: they define short names (u8,
// TRUE) that must not reach the rest of the project, so no public header of the folder includes it.
#pragma once

// Before ACPICA, which defines macros that the system's headers use as names.
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <new>
#include <string>
#include <variant>
#include <vector>

extern "C" {
#include <acpi/acpi.h>
}

#undef __cdecl
#undef __init
#undef __iomem
