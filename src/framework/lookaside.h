// WDFLOOKASIDE: makes memory objects of one size.
#pragma once

#include "framework/object.h"

namespace gpioclx::framework {

class Lookaside final : public Object {
  public:
    static constexpr ObjectType object_type = ObjectType::lookaside;
    Lookaside(Driver* driver, POOL_TYPE pool, ULONG tag, size_t size)
        : Object(object_type, driver), pool_(pool), tag_(tag), size_(size) {}

    // From pool each time: a list of spares would hide a use after free.
    PVOID take();
    void give_back(PVOID buffer);
    size_t size() const { return size_; }
    POOL_TYPE pool() const { return pool_; }
    bool has_memory_attributes = false;
    WDF_OBJECT_ATTRIBUTES memory_attributes{};

  private:
    POOL_TYPE pool_;
    ULONG tag_;
    size_t size_;
};

}  // namespace gpioclx::framework
