//
// What all sources of the driver include.
//

#pragma once

#include <windows.h>
#include <strsafe.h>
#include <wudfddi.h>

#include <gpio.h>

#include "doorlampioctl.h"

//
// {B25A1F0E-3C79-4D11-9E5B-6C0D8A47F3E2}, as DriverCLSID in the .inx.
//

static const CLSID CLSID_DoorLamp = {
    0xB25A1F0E, 0x3C79, 0x4D11, {0x9E, 0x5B, 0x6C, 0x0D, 0x8A, 0x47, 0xF3, 0xE2}};

#define SAFE_RELEASE(Pointer)    \
    if ((Pointer) != NULL) {     \
        (Pointer)->Release();    \
        (Pointer) = NULL;        \
    }

#define SAFE_DELETE(Pointer)            \
    if ((Pointer) != NULL) {            \
        (Pointer)->DeleteWdfObject();   \
        (Pointer)->Release();           \
        (Pointer) = NULL;               \
    }

//
// The reference count that every callback object has. The object deletes itself with its last
// reference.
//

class CReferenceCount
{
public:
    ULONG Increment()
    {
        return (ULONG)InterlockedIncrement(&m_References);
    }

    ULONG Decrement()
    {
        LONG References = InterlockedDecrement(&m_References);

        if (References == 0) {
            delete this;
        }

        return (ULONG)References;
    }

protected:
    virtual ~CReferenceCount()
    {
    }

private:
    volatile LONG m_References = 1;
};
