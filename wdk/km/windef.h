/* The scalar words of user mode; kernel drivers get them from ntdef.h already. */
#pragma once
#include "ntdef.h"
