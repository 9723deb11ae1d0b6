// Between UNICODE_STRING, the 16-bit strings that name objects here, and ASCII text for events.
#pragma once

#include <wdm.h>

#include <string>
#include <string_view>

namespace gpioclx::kernel::io {

inline std::u16string to_u16(const UNICODE_STRING* text) {
    if (text == nullptr || text->Buffer == nullptr) return {};
    return {reinterpret_cast<const char16_t*>(text->Buffer), text->Length / sizeof(char16_t)};
}

inline std::u16string widen(std::string_view text) { return {text.begin(), text.end()}; }

// Characters outside ASCII become '?': for events and messages only.
inline std::string narrow(std::u16string_view text) {
    std::string result;
    for (char16_t c : text) result += c < 0x80 ? static_cast<char>(c) : '?';
    return result;
}

// Object names compare without regard to the case of ASCII letters.
inline std::u16string upper(std::u16string_view text) {
    std::u16string result(text);
    for (char16_t& c : result) {
        if (c >= u'a' && c <= u'z') c = static_cast<char16_t>(c - u'a' + u'A');
    }
    return result;
}

// A view of `text`, which must outlive it.
inline UNICODE_STRING unicode_view(std::u16string_view text) {
    UNICODE_STRING result;
    result.Length = result.MaximumLength = static_cast<USHORT>(text.size() * sizeof(char16_t));
    result.Buffer = reinterpret_cast<PWCH>(const_cast<char16_t*>(text.data()));
    return result;
}

// A copy from paged pool with a terminating null; Buffer is null if there is no memory.
inline UNICODE_STRING unicode_copy(std::u16string_view text, ULONG tag) {
    UNICODE_STRING result = unicode_view(text);
    result.MaximumLength = static_cast<USHORT>(result.Length + sizeof(char16_t));
    auto buffer =
        static_cast<char16_t*>(ExAllocatePool2(POOL_FLAG_PAGED, result.MaximumLength, tag));
    if (buffer != nullptr) text.copy(buffer, text.size());
    result.Buffer = reinterpret_cast<PWCH>(buffer);
    if (buffer == nullptr) result.Length = result.MaximumLength = 0;
    return result;
}

}  // namespace gpioclx::kernel::io
