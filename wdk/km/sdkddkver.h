/* Version constants. */
#pragma once
#include "parts/version.h"
