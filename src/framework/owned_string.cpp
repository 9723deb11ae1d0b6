#include "framework/owned_string.h"
#include "framework/pool_tag.h"

#include <cstring>

namespace gpioclx::framework {
namespace {
constexpr ULONG pool_tag = make_tag("WStr");
}

OwnedString& OwnedString::operator=(OwnedString&& other) noexcept {
    if (this == &other) return *this;
    clear();
    value_ = other.value_;
    other.value_ = {};
    return *this;
}

void OwnedString::clear() {
    if (value_.Buffer != nullptr) ExFreePoolWithTag(value_.Buffer, pool_tag);
    value_ = {};
}

bool OwnedString::assign(const UNICODE_STRING* text) {
    clear();
    return text == nullptr || text->Length == 0 || append(text);
}

bool OwnedString::assign(const char* text) {
    clear();
    const size_t length = std::strlen(text) * sizeof(WCHAR);
    if (length > 0xFFF0) return false;
    value_.Buffer =
        static_cast<PWCH>(ExAllocatePoolWithTag(NonPagedPoolNx, length + sizeof(WCHAR), pool_tag));
    if (value_.Buffer == nullptr) return false;
    for (size_t i = 0; text[i] != 0; ++i) value_.Buffer[i] = static_cast<unsigned char>(text[i]);
    value_.Buffer[length / sizeof(WCHAR)] = 0;
    value_.Length = static_cast<USHORT>(length);
    value_.MaximumLength = static_cast<USHORT>(length + sizeof(WCHAR));
    return true;
}

bool OwnedString::append(const UNICODE_STRING* text) {
    const size_t length = size_t{value_.Length} + text->Length;
    if (length > 0xFFF0) return false;
    auto* buffer =
        static_cast<PWCH>(ExAllocatePoolWithTag(NonPagedPoolNx, length + sizeof(WCHAR), pool_tag));
    if (buffer == nullptr) return false;
    if (value_.Length != 0) std::memcpy(buffer, value_.Buffer, value_.Length);
    std::memcpy(reinterpret_cast<char*>(buffer) + value_.Length, text->Buffer, text->Length);
    buffer[length / sizeof(WCHAR)] = 0;
    clear();
    value_.Buffer = buffer;
    value_.Length = static_cast<USHORT>(length);
    value_.MaximumLength = static_cast<USHORT>(length + sizeof(WCHAR));
    return true;
}

}  // namespace gpioclx::framework
