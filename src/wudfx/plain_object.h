// IWDFDriver::CreateWdfObject: an object that is nothing but a place in the tree.
#pragma once

#include "wudfx/object.h"

namespace wudfx {

class PlainObject final : public ObjectFace<um::IWDFObject> {
  public:
    static constexpr const char* type_name = "IWDFObject";
    explicit PlainObject(WDFOBJECT object) : ObjectFace(object, type_name) {}

  private:
    void* find_interface(REFIID) override { return nullptr; }
};

}  // namespace wudfx
