// A UNICODE_STRING with a buffer of its own in pool, always with a terminating zero.
#pragma once

#include <wdm.h>

namespace gpioclx::framework {

class OwnedString {
  public:
    OwnedString() = default;
    ~OwnedString() { clear(); }
    OwnedString(const OwnedString&) = delete;
    OwnedString& operator=(const OwnedString&) = delete;
    OwnedString(OwnedString&& other) noexcept : value_(other.value_) { other.value_ = {}; }
    OwnedString& operator=(OwnedString&& other) noexcept;

    // Copies; null or empty clears. False if memory is short (then it is empty).
    bool assign(const UNICODE_STRING* text);
    // From ASCII.
    bool assign(const char* text);
    bool append(const UNICODE_STRING* text);
    void clear();
    bool empty() const { return value_.Length == 0; }
    UNICODE_STRING* get() { return &value_; }
    const UNICODE_STRING* get() const { return &value_; }

  private:
    UNICODE_STRING value_{};
};

}  // namespace gpioclx::framework
