#include "framework/string.h"

#include "ext/gx_export.h"

#include "framework/attributes.h"
#include "framework/driver.h"

namespace gpioclx::framework {

NTSTATUS String::create(Driver* driver, Object* fallback_parent,
                        const WDF_OBJECT_ATTRIBUTES* attributes, const UNICODE_STRING* text,
                        String** string) {
    *string = nullptr;
    NTSTATUS status = check_attributes(attributes, ObjectType::string);
    Object* parent = nullptr;
    if (NT_SUCCESS(status))
        status = resolve_parent(attributes, fallback_parent, "WdfStringCreate", &parent);
    if (!NT_SUCCESS(status)) return status;
    String* object = create_object<String>(parent, attributes, driver);
    if (object == nullptr) return STATUS_INSUFFICIENT_RESOURCES;
    if (!object->value().assign(text)) {
        object->delete_object();
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    *string = object;
    return STATUS_SUCCESS;
}

UNICODE_STRING String::shown() {
    UNICODE_STRING text = *value_.get();
    kernel::um::UserProcess* process = process_of(driver());
    if (process == nullptr || text.Buffer == nullptr) return text;
    void* seen = view_.show_copy(process, text.Buffer, text.Length + sizeof(WCHAR));
    text.Buffer = static_cast<WCHAR*>(seen);
    if (seen == nullptr) text.Length = text.MaximumLength = 0;
    return text;
}

}  // namespace gpioclx::framework

using namespace gpioclx::framework;

GX_ASKS_CALLER
NTSTATUS WdfStringCreate(PCUNICODE_STRING UnicodeString, PWDF_OBJECT_ATTRIBUTES StringAttributes,
                         WDFSTRING* String) {
    enter();
    require(String, "WdfStringCreate", "String");
    *String = nullptr;
    if (UnicodeString != nullptr && UnicodeString->Length != 0 && UnicodeString->Buffer == nullptr)
        return STATUS_INVALID_PARAMETER;
    Driver* driver = Driver::calling(__builtin_return_address(0));
    gpioclx::framework::String* string;
    const NTSTATUS status = gpioclx::framework::String::create(driver, driver, StringAttributes,
                                                               UnicodeString, &string);
    if (NT_SUCCESS(status)) *String = static_cast<WDFSTRING>(string->handle());
    return status;
}
GX_EXPORT_FUNCTION(WdfStringCreate);

VOID WdfStringGetUnicodeString(WDFSTRING String, PUNICODE_STRING UnicodeString) {
    enter();
    require(UnicodeString, "WdfStringGetUnicodeString", "UnicodeString");
    *UnicodeString =
        from_handle<gpioclx::framework::String>(String, "WdfStringGetUnicodeString").shown();
}
GX_EXPORT_FUNCTION(WdfStringGetUnicodeString);
