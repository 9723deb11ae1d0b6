// What an ACPI object holds, as arguments and results of methods.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace gpioclx::firmware {

struct Value;

struct Reference {  // to an object of the namespace, "\_SB.GPI0"
    std::string path;
    bool operator==(const Reference&) const = default;
};

using Buffer = std::vector<std::uint8_t>;
using Package = std::vector<Value>;

struct Value {
    // monostate: the method returned nothing, or the package element is empty.
    std::variant<std::monostate, std::uint64_t, std::string, Buffer, Package, Reference> data;

    Value() = default;
    Value(std::uint64_t integer) : data(integer) {}
    Value(int integer) : data(static_cast<std::uint64_t>(integer)) {}
    Value(unsigned integer) : data(std::uint64_t{integer}) {}
    Value(std::string text) : data(std::move(text)) {}
    Value(const char* text) : data(std::string(text)) {}
    Value(Buffer buffer) : data(std::move(buffer)) {}
    Value(Package package) : data(std::move(package)) {}
    Value(Reference reference) : data(std::move(reference)) {}

    // Null when the value is of another type.
    const std::uint64_t* integer() const { return std::get_if<std::uint64_t>(&data); }
    const std::string* string() const { return std::get_if<std::string>(&data); }
    const Buffer* buffer() const { return std::get_if<Buffer>(&data); }
    const Package* package() const { return std::get_if<Package>(&data); }
    const Reference* reference() const { return std::get_if<Reference>(&data); }

    bool operator==(const Value&) const = default;
};

// As ASL writes it: 0x10, "text", Buffer {01 02}, Package {0x1, \_SB.GPI0}, nothing.
std::string to_string(const Value& value);

}  // namespace gpioclx::firmware
