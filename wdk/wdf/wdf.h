/*
 * The driver framework, version 1.33 in kernel mode (KMDF; drivers include <ntddk.h> first) and 2.33
 * in user mode (UMDF 2, with UMDF_VERSION_MAJOR defined; drivers include <windows.h> first). The
 * declarations are the same; which functions exist in user mode stands in um/functions.tsv.
 * DMA, USB and companion targets are not part of it here: no GPIO or SPB driver uses them.
 */
#pragma once

#ifdef UMDF_VERSION_MAJOR
#ifndef UMDF_VERSION_MINOR
#define UMDF_VERSION_MINOR 33
#endif
#else
#ifndef KMDF_VERSION_MAJOR
#define KMDF_VERSION_MAJOR 1
#endif
#ifndef KMDF_VERSION_MINOR
#define KMDF_VERSION_MINOR 33
#endif
#endif

#include "wdftypes.h"
#include "wdfglobals.h"
#include "wdfstatus.h"
#include "wdfassert.h"
#include "wdfverifier.h"
#include "wdfpool.h"
#include "wdfobject.h"
#include "wdfsync.h"
#include "wdfcore.h"
#include "wdfdriver.h"
#include "wdfqueryinterface.h"
#include "wdfmemory.h"
#include "wdfchildlist.h"
#include "wdffileobject.h"
#include "wdfrequest.h"
#include "wdfdevice.h"
#include "wdfcollection.h"
#include "wdfdpc.h"
#include "wdftimer.h"
#include "wdfworkitem.h"
#include "wdfinterrupt.h"
#include "wdfresource.h"
#include "wdfiotarget.h"
#include "wdfio.h"
#include "wdffdo.h"
#include "wdfpdo.h"
#include "wdfcontrol.h"
#include "wdfwmi.h"
#include "wdfstring.h"
#include "wdfregistry.h"
#include "wdfbugcodes.h"
#include "wdfroletypes.h"
