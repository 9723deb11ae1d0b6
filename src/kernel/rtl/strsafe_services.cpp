// strsafe.h: the same functions for code that also runs in user mode; they report by HRESULT.
#include "kernel/rtl/safe_string.h"

#include <strsafe.h>

#include "ext/gx_export.h"

namespace rtl = gpioclx::kernel::rtl;

namespace {

HRESULT to_hresult(NTSTATUS status) {
    if (NT_SUCCESS(status)) return 0;
    return status == STATUS_BUFFER_OVERFLOW ? STRSAFE_E_INSUFFICIENT_BUFFER
                                            : STRSAFE_E_INVALID_PARAMETER;
}

}  // namespace

GX_SAFE_STRINGS(HRESULT, to_hresult, CHAR, StringCch, A, 1);
GX_SAFE_STRINGS(HRESULT, to_hresult, CHAR, StringCb, A, 1);
GX_SAFE_STRINGS(HRESULT, to_hresult, WCHAR, StringCch, W, 1);
GX_SAFE_STRINGS(HRESULT, to_hresult, WCHAR, StringCb, W, 2);
