/* File-system drivers are outside this project; drivers that include ntifs.h for a kernel routine
 * get ntddk.h. */
#pragma once

#define _NTIFS_
#include "ntddk.h"
