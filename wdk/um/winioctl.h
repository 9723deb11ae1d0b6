/* Device types and control codes, as in the kernel. */
#pragma once
#include "parts/um_types.h"
#include "parts/io_codes.h"
