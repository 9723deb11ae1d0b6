// WDFCHILDLIST: the children that a bus driver found. A description that is new gets a physical
// device (EvtChildListCreateDevice) when the PnP manager asks for bus relations; one that is
// missing loses it when the PnP manager has removed it. Static children are in a list without
// descriptions.
#pragma once

#include "framework/object.h"

namespace gpioclx::framework {

class ChildList final : public Object {
  public:
    static constexpr ObjectType object_type = ObjectType::child_list;
    ChildList(Device& device, const WDF_CHILD_LIST_CONFIG& config);
    ~ChildList() override;
    static ChildList* create(Device& device, const WDF_CHILD_LIST_CONFIG& config,
                             const WDF_OBJECT_ATTRIBUTES* attributes);

    struct Child {
        Child* next = nullptr;
        Device* device = nullptr;  // null until the PDO was created
        bool present = true;
        bool reported = false;  // the PnP manager knows of it
        bool seen_in_scan = false;
        bool creation_failed = false;
        UCHAR* identification = nullptr;
        UCHAR* address = nullptr;
    };

    Device& owner() const { return device_; }
    const WDF_CHILD_LIST_CONFIG& config() const { return config_; }
    bool is_static() const { return config_.IdentificationDescriptionSize == 0; }

    NTSTATUS add_or_update(const WDF_CHILD_IDENTIFICATION_DESCRIPTION_HEADER* identification,
                           const WDF_CHILD_ADDRESS_DESCRIPTION_HEADER* address);
    NTSTATUS mark_missing(const WDF_CHILD_IDENTIFICATION_DESCRIPTION_HEADER* identification);
    void mark_all_present();
    NTSTATUS add_static(Device& child);
    bool mark_static_missing(Device& child);
    void begin_scan();
    void end_scan();
    // EvtChildListScanForChildren between begin and end, if the driver has one.
    void scan();
    Child* find(const WDF_CHILD_IDENTIFICATION_DESCRIPTION_HEADER* identification,
                PFN_WDF_CHILD_LIST_IDENTIFICATION_DESCRIPTION_COMPARE compare = nullptr) const;
    Child* child_of(const Device& device) const;
    Child* first() const { return first_; }
    bool still_present(const Device& device) const;
    // Creates devices for new descriptions; counts those present.
    ULONG prepare_relations();
    // Writes references to the present physical devices; returns how many.
    ULONG fill_relations(DEVICE_OBJECT** objects);
    // The PnP manager has removed the physical device.
    void device_gone(Device& device);
    // The parent goes: all physical devices with it.
    void destroy_devices();
    void changed();

    ULONG iterators = 0;

  private:
    bool same(const UCHAR* left, const UCHAR* right,
              PFN_WDF_CHILD_LIST_IDENTIFICATION_DESCRIPTION_COMPARE compare) const;
    NTSTATUS create_device(Child& child);
    void remove_child(Child& child);
    UCHAR* duplicate_identification(const void* from) const;

    Device& device_;
    WDF_CHILD_LIST_CONFIG config_;
    Child* first_ = nullptr;
    ULONG scans_ = 0;
};

}  // namespace gpioclx::framework
