// AcpiOs*: heap, object caches, and mapping of the tables.
#include <cstring>
#include <new>

#include "firmware/acpica.h"
#include "firmware/os_layer.h"

using gpioclx::firmware::HeapBlock;
using gpioclx::firmware::MappedTable;
using gpioclx::firmware::os_layer;

namespace {

// ACPICA's own caches hold on to freed objects, which would hide a use after free and grow
// every checkpoint. Ours only remembers the size.
struct ObjectCache {
    std::size_t object_size;
};

}  // namespace

namespace gpioclx::firmware {

// What stands before each block that ACPICA gets. As large as the alignment malloc promises, so
// that the block keeps it.
struct alignas(16) HeapBlock {
    HeapBlock* previous = nullptr;
    HeapBlock* next = nullptr;
};

void free_heap() {
    while (os_layer.heap != nullptr) {
        HeapBlock* block = os_layer.heap;
        os_layer.heap = block->next;
        os_layer.host->free(block);
    }
}

}  // namespace gpioclx::firmware

extern "C" {

void* acpi_os_allocate(acpi_size size) {
    void* memory = os_layer.host->allocate(sizeof(HeapBlock) + size);
    if (memory == nullptr) return nullptr;
    auto* block = new (memory) HeapBlock{nullptr, os_layer.heap};
    if (block->next != nullptr) block->next->previous = block;
    os_layer.heap = block;
    return block + 1;
}

void acpi_os_free(void* memory) {
    if (memory == nullptr) return;
    HeapBlock* block = static_cast<HeapBlock*>(memory) - 1;
    if (block->next != nullptr) block->next->previous = block->previous;
    (block->previous != nullptr ? block->previous->next : os_layer.heap) = block->next;
    os_layer.host->free(block);
}

acpi_status acpi_os_create_cache(char*, u16 object_size, u16, acpi_cache_t** cache) {
    void* memory = acpi_os_allocate(sizeof(ObjectCache));
    if (memory == nullptr) return AE_NO_MEMORY;
    *cache = reinterpret_cast<acpi_cache_t*>(new (memory) ObjectCache{object_size});
    return AE_OK;
}

acpi_status acpi_os_delete_cache(acpi_cache_t* cache) {
    acpi_os_free(cache);
    return AE_OK;
}

acpi_status acpi_os_purge_cache(acpi_cache_t*) { return AE_OK; }

void* acpi_os_acquire_object(acpi_cache_t* cache) {
    const std::size_t size = reinterpret_cast<ObjectCache*>(cache)->object_size;
    void* object = acpi_os_allocate(size);
    if (object != nullptr) std::memset(object, 0, size);
    return object;
}

acpi_status acpi_os_release_object(acpi_cache_t*, void* object) {
    acpi_os_free(object);
    return AE_OK;
}

// Only tables are mapped: operation regions go through os_address_spaces.cpp.
void* acpi_os_map_memory(acpi_physical_address where, acpi_size length) {
    for (std::size_t i = 0; i < os_layer.table_count; ++i) {
        const MappedTable& table = os_layer.tables[i];
        if (where >= table.address && where + length <= table.address + table.size) {
            return table.bytes + (where - table.address);
        }
    }
    return nullptr;
}

void acpi_os_unmap_memory(void*, acpi_size) {}

}  // extern "C"
