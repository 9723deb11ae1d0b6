// The one formatter behind every printf-like function of the kernel, with Windows' meaning: %l is
// 32 bits, %ll, %I64, %I32, %I; %s is of the format's own width, %S of the other, %hs %ls %ws say
// it; %Z %wZ counted strings; %p 16 digits. In trace messages also WPP's %!STATUS! and its kind.
#pragma once

#include <wdm.h>

#include <cstdarg>
#include <string>

namespace gpioclx::kernel::rtl {

// What %!FUNC! and the like stand for in a trace message.
struct TraceContext {
    const char* function = "";
    const char* file = "";
    ULONG line = 0;
    const char* level = "";
    const char* flag = "";
};

// Appends; `trace` null: no WPP conversions.
void format(std::string& out, const char* format, va_list arguments,
            const TraceContext* trace = nullptr);
void format(std::u16string& out, const WCHAR* format, va_list arguments);

// "STATUS_UNSUCCESSFUL", "" for a value without a name.
const char* status_name(NTSTATUS status);
// "{6B4A...}" in registry form.
std::string guid_text(const GUID& guid);

}  // namespace gpioclx::kernel::rtl
