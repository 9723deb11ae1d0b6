#include "wudfx/io_target.h"

#include "wudfx/device.h"
#include "wudfx/file.h"
#include "wudfx/hresult.h"
#include "wudfx/memory.h"
#include "wudfx/request.h"

namespace wudfx {
namespace {

// "\\.\RESOURCE_HUB\0000000000000001" of CreateFile is "\??\RESOURCE_HUB\..." of the kernel.
constexpr WCHAR win32_prefix[] = L"\\\\.\\";
constexpr WCHAR nt_prefix[] = L"\\??\\";
constexpr ULONG prefix_length = 4;
constexpr ULONG name_max = 260;
constexpr ULONG attribute_mask = 0x7FB7;  // of dwFlagsAndAttributes: what is no flag

// The part of a memory that an offset selects, in the words of the framework; null without one.
WDFMEMORY_OFFSET* copy(const um::WDFMEMORY_OFFSET* from, WDFMEMORY_OFFSET& to) {
    if (from == nullptr) return nullptr;
    to.BufferOffset = from->BufferOffset;
    to.BufferLength = from->BufferLength;
    return &to;
}

// A memory that is none of ours is no memory at all.
bool is_foreign(um::IWDFMemory* memory) {
    return memory != nullptr && Memory::handle_of(memory) == nullptr;
}

}  // namespace

HRESULT IoTarget::create(Device& device, um::IUnknown* callbacks, WDFOBJECT parent,
                         um::IWDFRemoteTarget** target) {
    if (target == nullptr) return E_POINTER;
    *target = nullptr;
    WDF_OBJECT_ATTRIBUTES attributes = attributes_for<IoTarget>(parent);
    WDFIOTARGET handle = nullptr;
    const NTSTATUS status = WdfIoTargetCreate(device.device_handle(), &attributes, &handle);
    if (status == STATUS_INVALID_DEVICE_REQUEST) return HRESULT_FROM_WIN32(ERROR_INVALID_PARAMETER);
    if (!NT_SUCCESS(status)) return hresult_from(status);
    auto* face = build_face<IoTarget>(handle, device, true);
    face->removal_.ask(callbacks, um::IID_IRemoteTargetCallbackRemoval);
    hand_out(face, target);
    return S_OK;
}

void* IoTarget::find_interface(REFIID id) {
    if (IsEqualIID(id, um::IID_IWDFIoTargetStateManagement))
        return static_cast<um::IWDFIoTargetStateManagement*>(this);
    const bool target =
        IsEqualIID(id, um::IID_IWDFIoTarget) || IsEqualIID(id, um::IID_IWDFIoTarget2);
    const bool remote = remote_ && IsEqualIID(id, um::IID_IWDFRemoteTarget);
    return target || remote ? static_cast<um::IWDFRemoteTarget*>(this) : nullptr;
}

// Made at first use, below the target.
void IoTarget::GetTargetFile(um::IWDFFile** file) {
    *file = nullptr;
    WDF_OBJECT_ATTRIBUTES attributes = attributes_for<File>(target_);
    WDFOBJECT object = nullptr;
    if (!NT_SUCCESS(WdfObjectCreate(&attributes, &object))) return;
    hand_out(build_face<File>(object, device_.device_handle()), file);
}

// ---- formats ----

HRESULT IoTarget::FormatRequestForRead(um::IWDFIoRequest* request, um::IWDFFile* file,
                                       um::IWDFMemory* output, um::PWDFMEMORY_OFFSET output_offset,
                                       PLONGLONG device_offset) {
    UNREFERENCED_PARAMETER(file);  // a remote target has one file, and sends to it
    Request* face = behind<Request>(request);
    if (face == nullptr || is_foreign(output)) return E_INVALIDARG;
    WDFMEMORY_OFFSET part;
    const NTSTATUS status =
        WdfIoTargetFormatRequestForRead(target_, face->request_handle(), Memory::handle_of(output),
                                        copy(output_offset, part), device_offset);
    face->formatted(um::WdfRequestRead, status);
    return hresult_from(status);
}

HRESULT IoTarget::FormatRequestForWrite(um::IWDFIoRequest* request, um::IWDFFile* file,
                                        um::IWDFMemory* input, um::PWDFMEMORY_OFFSET input_offset,
                                        PLONGLONG device_offset) {
    UNREFERENCED_PARAMETER(file);
    Request* face = behind<Request>(request);
    if (face == nullptr || is_foreign(input)) return E_INVALIDARG;
    WDFMEMORY_OFFSET part;
    const NTSTATUS status =
        WdfIoTargetFormatRequestForWrite(target_, face->request_handle(), Memory::handle_of(input),
                                         copy(input_offset, part), device_offset);
    face->formatted(um::WdfRequestWrite, status);
    return hresult_from(status);
}

HRESULT IoTarget::FormatRequestForIoctl(um::IWDFIoRequest* request, ULONG code, um::IWDFFile* file,
                                        um::IWDFMemory* input, um::PWDFMEMORY_OFFSET input_offset,
                                        um::IWDFMemory* output,
                                        um::PWDFMEMORY_OFFSET output_offset) {
    UNREFERENCED_PARAMETER(file);
    Request* face = behind<Request>(request);
    if (face == nullptr || is_foreign(input) || is_foreign(output)) return E_INVALIDARG;
    WDFMEMORY_OFFSET input_part;
    WDFMEMORY_OFFSET output_part;
    const NTSTATUS status = WdfIoTargetFormatRequestForIoctl(
        target_, face->request_handle(), code, Memory::handle_of(input),
        copy(input_offset, input_part), Memory::handle_of(output),
        copy(output_offset, output_part));
    face->formatted(um::WdfRequestDeviceIoControl, status);
    return hresult_from(status);
}

// ---- open and closed ----

HRESULT IoTarget::OpenFileByName(PCWSTR name, DWORD access,
                                 um::PUMDF_IO_TARGET_OPEN_PARAMS parameters) {
    if (name == nullptr) return E_POINTER;
    WCHAR text[name_max];
    ULONG length = 0;
    while (length < name_max && name[length] != 0) {
        text[length] = name[length];
        ++length;
    }
    if (length == name_max) return HRESULT_FROM_WIN32(ERROR_INVALID_NAME);
    if (length >= prefix_length &&
        RtlCompareMemory(text, win32_prefix, sizeof(WCHAR) * prefix_length) ==
            sizeof(WCHAR) * prefix_length) {
        RtlCopyMemory(text, nt_prefix, sizeof(WCHAR) * prefix_length);
    }
    UNICODE_STRING path = {.Length = static_cast<USHORT>(length * sizeof(WCHAR)),
                           .MaximumLength = sizeof(text),
                           .Buffer = text};
    return open(path, access, parameters);
}

HRESULT IoTarget::open(UNICODE_STRING& name, DWORD access,
                       const um::UMDF_IO_TARGET_OPEN_PARAMS* parameters) {
    WDF_IO_TARGET_OPEN_PARAMS settings;
    WDF_IO_TARGET_OPEN_PARAMS_INIT_OPEN_BY_NAME(&settings, &name, access);
    if (parameters != nullptr) {
        // FILE_SHARE_* and FILE_ATTRIBUTE_* are the same words in both modes; FILE_FLAG_* are not,
        // and say how CreateFile's handle is used, which a target decides by itself.
        settings.ShareAccess = parameters->dwShareMode;
        settings.FileAttributes = parameters->dwFlagsAndAttributes & attribute_mask;
        settings.CreateDisposition = parameters->dwCreationDisposition;
    }
    add_callbacks(settings);
    return hresult_from(WdfIoTargetOpen(target_, &settings));
}

void IoTarget::add_callbacks(WDF_IO_TARGET_OPEN_PARAMS& parameters) const {
    if (!removal_) return;
    parameters.EvtIoTargetQueryRemove = [](WDFIOTARGET target) -> NTSTATUS {
        auto* face = face_of<IoTarget>(target);
        return face->removal_->OnRemoteTargetQueryRemove(face) ? STATUS_SUCCESS
                                                               : STATUS_UNSUCCESSFUL;
    };
    parameters.EvtIoTargetRemoveCanceled = [](WDFIOTARGET target) {
        auto* face = face_of<IoTarget>(target);
        face->removal_->OnRemoteTargetRemoveCanceled(face);
    };
    parameters.EvtIoTargetRemoveComplete = [](WDFIOTARGET target) {
        auto* face = face_of<IoTarget>(target);
        face->removal_->OnRemoteTargetRemoveComplete(face);
    };
}

HRESULT IoTarget::Close() {
    WdfIoTargetClose(target_);
    return S_OK;
}

HRESULT IoTarget::CloseForQueryRemove() {
    WdfIoTargetCloseForQueryRemove(target_);
    return S_OK;
}

HRESULT IoTarget::Reopen() {
    WDF_IO_TARGET_OPEN_PARAMS settings;
    WDF_IO_TARGET_OPEN_PARAMS_INIT_REOPEN(&settings);
    return hresult_from(WdfIoTargetOpen(target_, &settings));
}

HRESULT IoTarget::Start() { return hresult_from(WdfIoTargetStart(target_)); }

HRESULT IoTarget::Stop(um::WDF_IO_TARGET_SENT_IO_ACTION action) {
    if (action <= um::WdfIoTargetSentIoUndefined || action >= um::WdfIoTargetSentIoMaximum)
        return E_INVALIDARG;
    WdfIoTargetStop(target_, static_cast<WDF_IO_TARGET_SENT_IO_ACTION>(action));
    return S_OK;
}

um::WDF_IO_TARGET_STATE IoTarget::GetState() {
    return static_cast<um::WDF_IO_TARGET_STATE>(WdfIoTargetGetState(target_));
}

}  // namespace wudfx
