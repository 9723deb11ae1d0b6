#include "firmware/table_map.h"

#include <cassert>
#include <cstring>

namespace gpioclx::firmware {

bool map_tables(const std::vector<Table>& tables) {
    assert(os_layer.table_count == 0 && tables.size() <= OsLayer::max_tables);
    for (const Table& table : tables) {
        const std::size_t size = table.bytes.size();
        void* copy = os_layer.host->allocate(size);
        if (copy == nullptr) return false;
        std::memcpy(copy, table.bytes.data(), size);
        os_layer.tables[os_layer.table_count] = {table_address(os_layer.table_count), size,
                                                 static_cast<std::byte*>(copy)};
        ++os_layer.table_count;
    }
    os_layer.root_pointer = table_address(0);
    return true;
}

void unmap_tables() {
    while (os_layer.table_count > 0) {
        os_layer.host->free(os_layer.tables[--os_layer.table_count].bytes);
    }
}

std::optional<std::size_t> table_of(const void* pointer) {
    const auto* at = static_cast<const std::byte*>(pointer);
    for (std::size_t i = 0; i < os_layer.table_count; ++i) {
        const MappedTable& table = os_layer.tables[i];
        if (at >= table.bytes && at < table.bytes + table.size) return i;
    }
    return std::nullopt;
}

}  // namespace gpioclx::firmware
