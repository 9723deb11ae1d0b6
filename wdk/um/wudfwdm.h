/* What UMDF drivers need of the kernel's headers: resource descriptors and the words in them. */
#pragma once

#include "ntdef.h"
#include "parts/interrupt.h"
#include "parts/power.h"
#include "parts/resources.h"
