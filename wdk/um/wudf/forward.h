/* Names of the interfaces, so that they can speak of each other. */
#pragma once

#include "unknwn.h"
#include "wudfddi_types.h"
#include "wudfwdm.h"

/* An interface of UMDF 1; its identifier differs from the others in two digits. */
#define GX_WUDF_INTERFACE(name, base, number)                                                  \
    GX_IID(IID_##name, 0x6755DF##number, 0x0001, 0x4B11, 0xA0, 0x11, 0x57, 0x55, 0x44, 0x46,   \
           0x78, 0x##number)                                                                   \
    MIDL_INTERFACE("6755DF" #number "-0001-4B11-A011-5755444678" #number) name : public base

struct IObjectCleanup;
struct IQueueCallbackStateChange;
struct IRequestCallbackCancel;
struct IRequestCallbackRequestCompletion;
struct IWDFCmResourceList;
struct IWDFDevice;
struct IWDFDevice2;
struct IWDFDevice3;
struct IWDFDeviceInitialize;
struct IWDFDriver;
struct IWDFFile;
struct IWDFInterrupt;
struct IWDFIoQueue;
struct IWDFIoRequest;
struct IWDFIoTarget;
struct IWDFMemory;
struct IWDFObject;
struct IWDFRemoteTarget;
struct IWDFRequestCompletionParams;
struct IWDFWorkItem;

/* As CreateFile takes them: see <windows.h>. */
typedef struct _UMDF_IO_TARGET_OPEN_PARAMS {
    DWORD dwShareMode;
    DWORD dwCreationDisposition;
    DWORD dwFlagsAndAttributes;
} UMDF_IO_TARGET_OPEN_PARAMS, *PUMDF_IO_TARGET_OPEN_PARAMS;
