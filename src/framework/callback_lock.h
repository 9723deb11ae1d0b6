// The lock that serializes callbacks of a device or a queue (SynchronizationScope): a spin lock at
// DISPATCH_LEVEL, or for passive execution a lock that threads wait for.
#pragma once

#include <wdm.h>

#include <cstdint>

namespace gpioclx::framework {

class CallbackLock {
  public:
    // `name` for events and findings: "led device lock".
    CallbackLock(bool passive, const char* name);
    ~CallbackLock();
    CallbackLock(const CallbackLock&) = delete;
    CallbackLock& operator=(const CallbackLock&) = delete;

    bool passive() const { return passive_; }
    // Not recursive: finding lock-201 and bug check WDF_RECURSIVE_LOCK.
    void acquire(const char* function);
    void release();
    bool held_by_caller() const;

  private:
    bool passive_;
    bool held_ = false;
    std::uint8_t processor_ = 0;
    KIRQL irql_ = 0;
    PKTHREAD owner_ = nullptr;
    KSPIN_LOCK spin_ = 0;
    KEVENT event_{};
};

// Holds `lock` (may be null) for a callback; leaves it alone if the caller has it already.
class Serialized {
  public:
    explicit Serialized(CallbackLock* lock)
        : lock_(lock != nullptr && !lock->held_by_caller() ? lock : nullptr) {
        if (lock_ != nullptr) lock_->acquire("the framework");
    }
    ~Serialized() {
        if (lock_ != nullptr) lock_->release();
    }
    Serialized(const Serialized&) = delete;
    Serialized& operator=(const Serialized&) = delete;

  private:
    CallbackLock* lock_;
};

}  // namespace gpioclx::framework
