#include "wudfx/hresult.h"

namespace wudfx {
namespace {

struct Pair {
    NTSTATUS status;
    long error;
};

// Of several statuses with one error, or the other way round, the first counts.
constexpr Pair pairs[] = {
    {STATUS_INVALID_DEVICE_REQUEST, ERROR_INVALID_FUNCTION},
    {STATUS_NOT_IMPLEMENTED, ERROR_INVALID_FUNCTION},
    {STATUS_NO_SUCH_FILE, ERROR_FILE_NOT_FOUND},
    {STATUS_OBJECT_NAME_NOT_FOUND, ERROR_FILE_NOT_FOUND},
    {STATUS_NO_SUCH_DEVICE, ERROR_FILE_NOT_FOUND},
    {STATUS_OBJECT_PATH_NOT_FOUND, ERROR_PATH_NOT_FOUND},
    {STATUS_ACCESS_DENIED, ERROR_ACCESS_DENIED},
    {STATUS_INVALID_HANDLE, ERROR_INVALID_HANDLE},
    {STATUS_NO_MEMORY, ERROR_NOT_ENOUGH_MEMORY},
    {STATUS_INSUFFICIENT_RESOURCES, ERROR_OUTOFMEMORY},
    {STATUS_DEVICE_NOT_READY, ERROR_NOT_READY},
    {STATUS_INFO_LENGTH_MISMATCH, ERROR_BAD_LENGTH},
    {STATUS_UNSUCCESSFUL, ERROR_GEN_FAILURE},
    {STATUS_SHARING_VIOLATION, ERROR_SHARING_VIOLATION},
    {STATUS_NOT_SUPPORTED, ERROR_NOT_SUPPORTED},
    {STATUS_DEVICE_DOES_NOT_EXIST, ERROR_DEV_NOT_EXIST},
    {STATUS_INVALID_PARAMETER, ERROR_INVALID_PARAMETER},
    {STATUS_IO_TIMEOUT, ERROR_SEM_TIMEOUT},
    {STATUS_BUFFER_TOO_SMALL, ERROR_INSUFFICIENT_BUFFER},
    {STATUS_OBJECT_NAME_INVALID, ERROR_INVALID_NAME},
    {STATUS_DEVICE_BUSY, ERROR_BUSY},
    {STATUS_OBJECT_NAME_COLLISION, ERROR_ALREADY_EXISTS},
    {STATUS_BUFFER_OVERFLOW, ERROR_MORE_DATA},
    {STATUS_NO_MORE_ENTRIES, ERROR_NO_MORE_ITEMS},
    {STATUS_CANCELLED, ERROR_OPERATION_ABORTED},
    {STATUS_PENDING, ERROR_IO_PENDING},
    {STATUS_IO_DEVICE_ERROR, ERROR_IO_DEVICE},
    {STATUS_DEVICE_NOT_CONNECTED, ERROR_DEVICE_NOT_CONNECTED},
    {STATUS_NOT_FOUND, ERROR_NOT_FOUND},
};

constexpr ULONG win32_facility = 0x80070000;

}  // namespace

HRESULT hresult_from(NTSTATUS status) {
    if (NT_SUCCESS(status)) return S_OK;
    for (const Pair& pair : pairs) {
        if (pair.status == status) return HRESULT_FROM_WIN32(pair.error);
    }
    return HRESULT_FROM_NT(status);
}

NTSTATUS status_from(HRESULT result) {
    if (SUCCEEDED(result)) return STATUS_SUCCESS;
    const auto bits = static_cast<ULONG>(result);
    if ((bits & FACILITY_NT_BIT) != 0) return static_cast<NTSTATUS>(bits & ~FACILITY_NT_BIT);
    if ((bits & 0xFFFF0000) == win32_facility) {
        for (const Pair& pair : pairs) {
            if (pair.error == static_cast<long>(bits & 0xFFFF)) return pair.status;
        }
        return STATUS_UNSUCCESSFUL;
    }
    switch (result) {
        case E_NOTIMPL: return STATUS_NOT_IMPLEMENTED;
        case E_NOINTERFACE: return STATUS_NOT_SUPPORTED;
        case E_POINTER: return STATUS_INVALID_PARAMETER;
        case E_ABORT: return STATUS_CANCELLED;
        default: return STATUS_UNSUCCESSFUL;
    }
}

}  // namespace wudfx
