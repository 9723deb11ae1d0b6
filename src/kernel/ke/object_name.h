// Names of locks, events, timers and deferred calls in the stream and in choice points: never an
// address. A name is given by its owner (GxNameLock, name_object) or made at first use from who
// owns the memory: "led lock #2" (a variable of the driver), "GpLd event #1" (pool with that tag),
// "event on the stack of led worker". Numbers are the lowest free one of the owner, in order of
// first use.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "machine/name_table.h"

namespace gpioclx::kernel::ke {

enum class ObjectKind : std::uint8_t {
    lock,
    event,
    semaphore,
    mutex,
    timer,
    dpc,
    resource,
    thread,
    other
};
std::string_view kind_text(ObjectKind kind);

struct ObjectName {
    machine::NameId name = machine::no_name;
    std::uint32_t instance = 0;  // different for every object that ever had a name
};

// Fast for objects that have a name.
ObjectName name_of(const void* object, ObjectKind kind);
// The name if the object has one, else no_name.
machine::NameId known_name(const void* object);
void name_object(const void* object, std::string_view name);
// The object is gone, or about to become another one.
void forget_name(const void* object);
// A block of memory is freed: forgets every name in it.
void forget_names_in(const void* start, std::size_t size);

}  // namespace gpioclx::kernel::ke
