/*
 * Pool functions of the framework. There are none: drivers use ExAllocatePool2 or memory objects.
 * The header exists because older drivers include it.
 */
#pragma once

#include "wdftypes.h"
