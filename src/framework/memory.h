// WDFMEMORY: a buffer with a handle. It owns its bytes (pool, lookaside list), describes the
// driver's (preallocated), or is a view of a request's buffer.
#pragma once

#include "framework/object.h"
#include "framework/user_view.h"

namespace gpioclx::framework {

class Lookaside;

class Memory final : public Object {
  public:
    static constexpr ObjectType object_type = ObjectType::memory;
    enum class Kind : std::uint8_t { pool, preallocated, lookaside, request };

    Memory(Driver* driver, Kind kind) : Object(object_type, driver), kind_(kind) {}
    ~Memory() override;

    Kind kind() const { return kind_; }
    PVOID buffer() const { return buffer_; }
    size_t size() const { return size_; }
    MDL* mdl() const { return mdl_; }
    void assign(PVOID buffer, size_t size) {
        buffer_ = buffer;
        size_ = size;
    }
    void set_mdl(MDL* mdl) { mdl_ = mdl; }
    // The pool block behind the buffer that the driver sees.
    bool own(PVOID pool, ULONG tag);
    void from(Lookaside* list) { lookaside_ = list; }

    // Embedded in a request, which lives as long as somebody refers to the memory.
    void embed(Object* owner) { owner_ = owner; }

    // `offset` (may be null) lies inside; gives the part it selects.
    NTSTATUS part(const WDFMEMORY_OFFSET* offset, PVOID* start, size_t* length) const;

  protected:
    void last_release() override;

  private:
    Kind kind_;
    PVOID buffer_ = nullptr;
    PVOID pool_ = nullptr;
    UserView view_;
    size_t size_ = 0;
    MDL* mdl_ = nullptr;
    ULONG tag_ = 0;
    Lookaside* lookaside_ = nullptr;
    Object* owner_ = nullptr;
};

// Creates a pool memory object for framework functions that return one (properties, registry).
NTSTATUS create_pool_memory(Driver* driver, Object* fallback_parent,
                            const WDF_OBJECT_ATTRIBUTES* attributes, POOL_TYPE pool, ULONG tag,
                            size_t size, const char* function, Memory** memory);

}  // namespace gpioclx::framework
