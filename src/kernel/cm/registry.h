// The registry: keys and values in memory, nothing of it survives the machine. Names keep their
// case and are compared without it. Values hold their data as drivers see it (text as UTF-16 with
// its terminator). "\\Registry\\Machine\\System\\CurrentControlSet\\Services\\led\\Parameters".
#pragma once

#include <wdm.h>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/kernel.h"

namespace gpioclx::kernel::cm {

constexpr std::string_view services_path =
    "\\Registry\\Machine\\System\\CurrentControlSet\\Services";

struct Value {
    std::string name;  // UTF-8; "" is the default value
    ULONG type = REG_NONE;
    std::vector<UCHAR> data;
};

// Pointers to keys stay valid until the key is deleted and its last handle closed.
struct Key {
    std::string name;
    Key* parent = nullptr;
    bool deleted = false;
    std::vector<std::unique_ptr<Key>> keys;  // in order of creation
    std::vector<Value> values;

    Key* find_key(std::string_view name) const;
    Value* find_value(std::string_view name);
};

// Relative to `from` (null: the whole name space, `path` starts with "\\Registry"). nullptr if
// absent.
Key* find_key(std::string_view path, Key* from = nullptr);
// Makes what is missing of the path. nullptr for a path that does not start with "\\Registry".
Key* create_key(std::string_view path, Key* from = nullptr);
void delete_key(Key& key);
std::string path_of(const Key& key);

void set_value(Key& key, std::string_view name, ULONG type, const void* data, std::size_t size);
void set_number(Key& key, std::string_view name, std::uint32_t value);
void set_text(Key& key, std::string_view name, std::string_view utf8);
bool delete_value(Key& key, std::string_view name);

// The values of a driver's installation, below its service key; their text is UTF-8.
Key* install_driver_values(const std::string& service, const std::vector<RegistryValue>& values);

// A kernel handle to the key, closed by ZwClose; and the key behind one.
HANDLE open_key_handle(Key& key);
Key* key_of(HANDLE handle);

}  // namespace gpioclx::kernel::cm
