#include "kernel/ke/object_name.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <vector>

#include "ext/gx_observe.h"
#include "kernel/ex/pool.h"
#include "kernel/ke/address_table.h"
#include "kernel/ldr/image.h"
#include "kernel/system.h"
#include "kernel/vf/lock_order.h"

namespace gpioclx::kernel::ke {
namespace {

using machine::Arena;
using machine::Machine;
using machine::NameId;

struct Named {
    NameId name = machine::no_name;
    std::uint32_t instance = 0;
    NameId series = machine::no_name;  // of a made-up name: whose number is in use
    std::uint32_t number = 0;
};

constexpr std::size_t granule = 256;
constexpr std::size_t granule_count = 1024;

struct Names {
    AddressTable<Named> objects;
    std::map<NameId, std::vector<bool>> numbers;  // per series: which are in use
    std::uint32_t instances = 0;
    // How many named objects lie in each 256-byte piece of memory (modulo 256 KB), so that freeing
    // memory without any costs nothing.
    std::array<std::uint16_t, granule_count> density{};

    std::uint16_t& density_at(const void* address) {
        return density[reinterpret_cast<std::uintptr_t>(address) / granule % granule_count];
    }
};

bool on_a_stack(const void* address) {
    return reinterpret_cast<std::uintptr_t>(address) - Arena::stacks_base < Arena::stacks_size;
}

std::string owner_of(const void* address) {
    if (const ldr::Image* image = ldr::image_of(address)) return std::string(image->name());
    const std::string tag = ex::pool_tag_text(address);
    return tag.empty() ? "system" : tag;
}

std::uint32_t take_number(std::vector<bool>& used) {
    const auto free = std::find(used.begin(), used.end(), false);
    const auto index = static_cast<std::uint32_t>(free - used.begin());
    if (free == used.end())
        used.push_back(true);
    else
        *free = true;
    return index + 1;
}

ObjectName make_name(const void* object, ObjectKind kind) {
    Machine& machine = Machine::current();
    Names& names = part<Names>();
    if (on_a_stack(object)) {  // not stored: the stack is somebody else's in a moment
        const NameId actor = machine.on_processor() ? machine.processor().actor : machine::no_name;
        return {machine.name(
                    fmt::format("{} on the stack of {}", kind_text(kind), machine.text(actor))),
                0};
    }
    Named named;
    named.series = machine.name(fmt::format("{} {}", owner_of(object), kind_text(kind)));
    named.number = take_number(names.numbers[named.series]);
    named.name = machine.name(fmt::format("{} #{}", machine.text(named.series), named.number));
    named.instance = ++names.instances;
    names.objects.insert(object, named);
    ++names.density_at(object);
    return {named.name, named.instance};
}

}  // namespace

std::string_view kind_text(ObjectKind kind) {
    constexpr std::string_view texts[] = {"lock", "event",    "semaphore", "mutex", "timer",
                                          "dpc",  "resource", "thread",    "object"};
    return texts[static_cast<std::size_t>(kind)];
}

ObjectName name_of(const void* object, ObjectKind kind) {
    if (const Named* named = part<Names>().objects.find(object))
        return {named->name, named->instance};
    return make_name(object, kind);
}

NameId known_name(const void* object) {
    const Named* named = part<Names>().objects.find(object);
    return named != nullptr ? named->name : machine::no_name;
}

void name_object(const void* object, std::string_view name) {
    forget_name(object);
    Names& names = part<Names>();
    Named named;
    named.name = Machine::current().name(name);
    named.instance = ++names.instances;
    names.objects.insert(object, named);
    ++names.density_at(object);
}

void forget_name(const void* object) {
    Names& names = part<Names>();
    const Named* named = names.objects.find(object);
    if (named == nullptr) return;
    vf::forget_lock(named->instance);
    if (named->number != 0) names.numbers[named->series][named->number - 1] = false;
    names.objects.erase(object);
    --names.density_at(object);
}

void forget_names_in(const void* start, std::size_t size) {
    Names& names = part<Names>();
    if (names.objects.size() == 0) return;
    const auto first = reinterpret_cast<std::uintptr_t>(start);
    bool any = size >= granule * granule_count;
    for (std::uintptr_t at = first / granule * granule; !any && at < first + size; at += granule) {
        any = names.density_at(reinterpret_cast<const void*>(at)) != 0;
    }
    if (!any) return;
    std::vector<const void*> gone;
    names.objects.for_each([&](const void* object, const Named&) {
        if (reinterpret_cast<std::uintptr_t>(object) - first < size) gone.push_back(object);
    });
    for (const void* object : gone) forget_name(object);
}

}  // namespace gpioclx::kernel::ke
