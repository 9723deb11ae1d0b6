/* What a driver above the WDM subset includes: all of wdm.h. */
#pragma once

#define _NTDDK_
#include "wdm.h"
