/* The base types: scalars, strings, lists, GUIDs, and the words that the other headers are written
 * in. */
#pragma once

#include "sal.h"
#include "parts/compiler.h"
#include "parts/basic_types.h"
#include "parts/strings.h"
#include "parts/version.h"
#include "guiddef.h"
