// Messages in the wire format of Protocol Buffers, as far as a writer needs it: no schema, no
// reading. Fields are known by their numbers alone.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace gpioclx::trace {

class ProtobufMessage {
  public:
    // int32, int64, uint32, uint64, bool and enumerations; negative numbers as Protobuf's int64.
    void number(unsigned field, std::uint64_t value);
    void fixed64(unsigned field, std::uint64_t value);
    void real(unsigned field, double value);
    void text(unsigned field, std::string_view value);
    void message(unsigned field, const ProtobufMessage& value) { text(field, value.bytes_); }

    const std::string& bytes() const { return bytes_; }

  private:
    enum class Wire : unsigned { varint = 0, fixed64 = 1, length_delimited = 2 };
    void key(unsigned field, Wire wire);
    void varint(std::uint64_t value);

    std::string bytes_;
};

}  // namespace gpioclx::trace
