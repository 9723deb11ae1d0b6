/*
 * Source annotations of the Windows headers. They describe contracts to a static analyser; here
 * every one of them expands to nothing, because the rules that matter are checked while the driver
 * runs.
 *
 * Two generations exist: the `_In_` style and the older `__in` style (sal_old.h). libstdc++ uses
 * names of the older style for its own parameters, so code of this project that mixes both worlds
 * (GPIOCLX_KERNEL_BUILD) gets the newer style only.
 */
#pragma once

#include "parts/sal_current.h"
#include "parts/sal_driver.h"
#ifndef GPIOCLX_KERNEL_BUILD
#include "parts/sal_old.h"
#endif
