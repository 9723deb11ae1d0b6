#include "kernel/cm/registry.h"

#include <algorithm>
#include <cstring>

#include "kernel/ob/object.h"
#include "kernel/rtl/text.h"
#include "kernel/system.h"

namespace gpioclx::kernel::cm {
namespace {

struct Registry {
    Registry() {
        root.name = "Registry";
        for (const char* hive : {"Machine", "User"}) {
            root.keys.push_back(std::make_unique<Key>());
            root.keys.back()->name = hive;
            root.keys.back()->parent = &root;
        }
    }
    Key root;
    // Deleted keys, kept for the handles that are still open.
    std::vector<std::unique_ptr<Key>> removed;
};

// What a handle refers to: every open has an object of its own.
struct OpenKey {
    Key* key;
};
const ob::Type key_type = {"Key", nullptr, nullptr};

bool same(std::string_view left, std::string_view right) {
    if (left.size() != right.size()) return false;
    const auto folded = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    return std::equal(left.begin(), left.end(), right.begin(),
                      [&](char a, char b) { return folded(a) == folded(b); });
}

// Takes the first part off the path; empty parts are skipped.
std::string_view next_part(std::string_view& path) {
    while (!path.empty() && path.front() == '\\') path.remove_prefix(1);
    const std::string_view part = path.substr(0, path.find('\\'));
    path.remove_prefix(part.size());
    return part;
}

Key* start_of(std::string_view& path, Key* from) {
    if (from != nullptr) return from->deleted ? nullptr : from;
    return same(next_part(path), "Registry") ? &part<Registry>().root : nullptr;
}

}  // namespace

Key* Key::find_key(std::string_view wanted) const {
    for (const auto& key : keys) {
        if (same(key->name, wanted)) return key.get();
    }
    return nullptr;
}

Value* Key::find_value(std::string_view wanted) {
    for (Value& value : values) {
        if (same(value.name, wanted)) return &value;
    }
    return nullptr;
}

Key* find_key(std::string_view path, Key* from) {
    Key* key = start_of(path, from);
    while (key != nullptr) {
        const std::string_view name = next_part(path);
        if (name.empty()) break;
        key = key->find_key(name);
    }
    return key;
}

Key* create_key(std::string_view path, Key* from) {
    machine::ArenaScope inside;
    Key* key = start_of(path, from);
    while (key != nullptr) {
        const std::string_view name = next_part(path);
        if (name.empty()) break;
        Key* next = key->find_key(name);
        if (next == nullptr) {
            key->keys.push_back(std::make_unique<Key>());
            next = key->keys.back().get();
            next->name = name;
            next->parent = key;
        }
        key = next;
    }
    return key;
}

void delete_key(Key& key) {
    machine::ArenaScope inside;
    while (!key.keys.empty()) delete_key(*key.keys.back());
    if (key.parent == nullptr || key.deleted) return;
    key.deleted = true;
    key.values.clear();
    auto& siblings = key.parent->keys;
    const auto place = std::find_if(siblings.begin(), siblings.end(),
                                    [&](const auto& k) { return k.get() == &key; });
    part<Registry>().removed.push_back(std::move(*place));
    siblings.erase(place);
}

std::string path_of(const Key& key) {
    std::string path = "\\" + key.name;
    for (const Key* parent = key.parent; parent != nullptr; parent = parent->parent)
        path = "\\" + parent->name + path;
    return path;
}

void set_value(Key& key, std::string_view name, ULONG type, const void* data, std::size_t size) {
    machine::ArenaScope inside;
    Value* value = key.find_value(name);
    if (value == nullptr) {
        key.values.push_back({std::string(name), type, {}});
        value = &key.values.back();
    }
    const auto* bytes = static_cast<const UCHAR*>(data);
    value->type = type;
    value->data.assign(bytes, bytes + size);
}

void set_number(Key& key, std::string_view name, std::uint32_t value) {
    set_value(key, name, REG_DWORD, &value, sizeof value);
}

void set_text(Key& key, std::string_view name, std::string_view utf8) {
    const std::u16string text = rtl::to_utf16(utf8);
    set_value(key, name, REG_SZ, text.c_str(), (text.size() + 1) * sizeof(char16_t));
}

bool delete_value(Key& key, std::string_view name) {
    Value* value = key.find_value(name);
    if (value == nullptr) return false;
    key.values.erase(key.values.begin() + (value - key.values.data()));
    return true;
}

Key* install_driver_values(const std::string& service, const std::vector<RegistryValue>& values) {
    Key* key = create_key(std::string(services_path) + "\\" + service);
    for (const RegistryValue& value : values) {
        Key* target = value.key.empty() ? key : create_key(value.key, key);
        if (value.type != REG_SZ && value.type != REG_EXPAND_SZ && value.type != REG_MULTI_SZ) {
            set_value(*target, value.name, value.type, value.data.data(), value.data.size());
            continue;
        }
        std::u16string text =
            rtl::to_utf16({reinterpret_cast<const char*>(value.data.data()), value.data.size()});
        if (text.empty() || text.back() != 0) text += u'\0';
        if (value.type == REG_MULTI_SZ && (text.size() < 2 || text[text.size() - 2] != 0))
            text += u'\0';
        set_value(*target, value.name, value.type, text.data(), text.size() * sizeof(char16_t));
    }
    return key;
}

HANDLE open_key_handle(Key& key) {
    auto* open = static_cast<OpenKey*>(ob::create(key_type, sizeof(OpenKey)));
    open->key = &key;
    HANDLE handle = ob::open_handle(open);
    ob::dereference(open);
    return handle;
}

Key* key_of(HANDLE handle) {
    const auto* open = static_cast<const OpenKey*>(ob::body_of(handle, &key_type));
    return open != nullptr ? open->key : nullptr;
}

}  // namespace gpioclx::kernel::cm
