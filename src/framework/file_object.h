// WDFFILEOBJECT: one open handle of a device, from create to close.
#pragma once

#include "framework/object.h"

namespace gpioclx::framework {

class FileObject final : public Object {
  public:
    static constexpr ObjectType object_type = ObjectType::file_object;
    FileObject(Device& device, FILE_OBJECT* wdm);

    FILE_OBJECT* wdm() const { return wdm_; }
    Device& owner() const { return device_; }
    FileObject* next_of_device() const { return next_; }
    // Out of the device's list; the close event is over.
    void link();
    void unlink();

  private:
    Device& device_;
    FILE_OBJECT* wdm_;
    FileObject* next_ = nullptr;
};

// IRP_MJ_CREATE, _CLEANUP and _CLOSE of a device. PASSIVE_LEVEL.
NTSTATUS dispatch_create(Device& device, PIRP irp);
NTSTATUS dispatch_cleanup(Device& device, PIRP irp);
NTSTATUS dispatch_close(Device& device, PIRP irp);

}  // namespace gpioclx::framework
