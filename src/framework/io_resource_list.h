// WDFIORESREQLIST and WDFIORESLIST: what a bus driver says that its child needs; alternatives of
// resource lists. Also what a function driver may filter.
#pragma once

#include "framework/object.h"

namespace gpioclx::framework {

class IoResourceRequirementsList;

class IoResourceList final : public Object {
  public:
    static constexpr ObjectType object_type = ObjectType::io_resource_list;
    explicit IoResourceList(IoResourceRequirementsList& owner);
    ~IoResourceList() override;

    IoResourceRequirementsList& owner() const { return owner_; }
    ULONG count() const { return count_; }
    IO_RESOURCE_DESCRIPTOR* at(ULONG index) const {
        return index < count_ ? &entries_[index] : nullptr;
    }
    NTSTATUS insert(const IO_RESOURCE_DESCRIPTOR& descriptor, ULONG index);
    void remove(ULONG index);

  private:
    IoResourceRequirementsList& owner_;
    IO_RESOURCE_DESCRIPTOR* entries_ = nullptr;
    ULONG count_ = 0;
    ULONG capacity_ = 0;
};

class IoResourceRequirementsList final : public Object {
  public:
    static constexpr ObjectType object_type = ObjectType::io_resource_requirements_list;
    static constexpr ULONG max_lists = 32;
    explicit IoResourceRequirementsList(Driver* driver) : Object(object_type, driver) {}

    // From the PnP manager's form; null makes it empty.
    NTSTATUS fill(const IO_RESOURCE_REQUIREMENTS_LIST* list);
    // In the PnP manager's form, from pool; null if empty or short of memory.
    IO_RESOURCE_REQUIREMENTS_LIST* build() const;
    ULONG count() const { return count_; }
    IoResourceList* at(ULONG index) const { return index < count_ ? lists_[index] : nullptr; }
    NTSTATUS insert(IoResourceList& list, ULONG index);
    void remove(ULONG index);
    bool index_of(const IoResourceList& list, ULONG* index) const;

    ULONG slot_number = 0;
    INTERFACE_TYPE interface_type = Internal;

  private:
    IoResourceList* lists_[max_lists]{};
    ULONG count_ = 0;
};

}  // namespace gpioclx::framework
