// WDFCMRESLIST: the hardware resources of a device, in the order of the firmware (W1).
#pragma once

#include "framework/object.h"
#include "framework/user_view.h"

namespace gpioclx::framework {

class CmResourceList final : public Object {
  public:
    static constexpr ObjectType object_type = ObjectType::cm_resource_list;
    explicit CmResourceList(Driver* driver) : Object(object_type, driver) {}
    ~CmResourceList() override;

    // Takes the descriptors of the first full descriptor of a list; null makes it empty.
    NTSTATUS fill(const CM_RESOURCE_LIST* list);
    ULONG count() const { return count_; }
    // Null out of range.
    PCM_PARTIAL_RESOURCE_DESCRIPTOR at(ULONG index) const {
        return index < count_ ? &entries_[index].descriptor : nullptr;
    }
    NTSTATUS insert(const CM_PARTIAL_RESOURCE_DESCRIPTOR& descriptor, ULONG index);
    void remove(ULONG index);
    bool find(const CM_PARTIAL_RESOURCE_DESCRIPTOR* descriptor, ULONG* index) const;
    // In the form of the PnP manager, from pool; null if empty or short of memory.
    CM_RESOURCE_LIST* build() const;

  private:
    // One block each would keep addresses stable over inserts; drivers hold pointers only inside a
    // callback, and only bus drivers insert.
    struct Entry {
        CM_PARTIAL_RESOURCE_DESCRIPTOR descriptor;
    };
    bool reserve(ULONG count);

    Entry* entries_ = nullptr;  // as the driver sees them
    Entry* pool_ = nullptr;
    UserView view_;
    ULONG count_ = 0;
    ULONG capacity_ = 0;
};

}  // namespace gpioclx::framework
