#include "wudfx/file.h"

#include "wudfx/device.h"

namespace wudfx {

void File::GetDevice(um::IWDFDevice** device) { hand_out(face_of<Device>(device_), device); }

// With a null `name`, only the length is asked for. Lengths are in characters, the terminating zero
// included.
HRESULT File::RetrieveFileName(PWSTR name, DWORD* length) {
    if (length == nullptr) return E_POINTER;
    const UNICODE_STRING* text = file_ != nullptr ? WdfFileObjectGetFileName(file_) : nullptr;
    const ULONG characters = text != nullptr ? text->Length / sizeof(WCHAR) : 0;
    const ULONG room = *length;
    *length = characters + 1;
    if (name == nullptr) return S_OK;
    if (room <= characters) return HRESULT_FROM_WIN32(ERROR_INSUFFICIENT_BUFFER);
    if (text != nullptr) RtlCopyMemory(name, text->Buffer, characters * sizeof(WCHAR));
    name[characters] = 0;
    return S_OK;
}

}  // namespace wudfx
