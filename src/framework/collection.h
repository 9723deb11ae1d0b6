// WDFCOLLECTION: an ordered list of objects, each referenced while it is in.
#pragma once

#include "framework/object.h"

namespace gpioclx::framework {

class Collection final : public Object {
  public:
    static constexpr ObjectType object_type = ObjectType::collection;
    explicit Collection(Driver* driver) : Object(object_type, driver) {}
    ~Collection() override;

    ULONG count() const { return count_; }
    NTSTATUS add(Object& object);
    Object* at(ULONG index) const { return index < count_ ? items_[index] : nullptr; }
    bool remove_at(ULONG index);
    bool index_of(const Object& object, ULONG* index) const;

  protected:
    void cleaned() override;

  private:
    Object** items_ = nullptr;
    ULONG count_ = 0;
    ULONG capacity_ = 0;
};

}  // namespace gpioclx::framework
