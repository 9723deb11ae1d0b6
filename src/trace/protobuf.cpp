#include "trace/protobuf.h"

#include <bit>

namespace gpioclx::trace {

void ProtobufMessage::varint(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) bytes_ += static_cast<char>(value | 0x80);
    bytes_ += static_cast<char>(value);
}

void ProtobufMessage::key(unsigned field, Wire wire) {
    varint(field << 3 | static_cast<unsigned>(wire));
}

void ProtobufMessage::number(unsigned field, std::uint64_t value) {
    key(field, Wire::varint);
    varint(value);
}

void ProtobufMessage::fixed64(unsigned field, std::uint64_t value) {
    key(field, Wire::fixed64);
    for (int byte = 0; byte < 8; ++byte) bytes_ += static_cast<char>(value >> (8 * byte));
}

void ProtobufMessage::real(unsigned field, double value) {
    fixed64(field, std::bit_cast<std::uint64_t>(value));
}

void ProtobufMessage::text(unsigned field, std::string_view value) {
    key(field, Wire::length_delimited);
    varint(value.size());
    bytes_ += value;
}

}  // namespace gpioclx::trace
