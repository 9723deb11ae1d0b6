/*
 * What a user-mode driver includes before <wdf.h>: the words of Win32, and those of the kernel's
 * headers that describe devices, resources and requests. Functions of the kernel are declared too, but
 * do not exist for a user-mode driver (um/functions.tsv): the driver kit says so when it links.
 */
#pragma once

#define _WINDOWS_

#include "parts/um_types.h"
#include "wdm.h"
#include "parts/um_errors.h"
#include "parts/um_file.h"
#include "parts/um_heap.h"
#include "parts/um_lock.h"
#include "parts/um_handle.h"
#include "parts/um_thread.h"
#include "parts/um_time.h"
#include "parts/hresult.h"
#include "winioctl.h"
