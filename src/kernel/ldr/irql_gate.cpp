#include "kernel/ldr/irql_gate.h"

#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "kernel/ke/irql.h"
#include "machine/arena.h"
#include "machine/machine.h"

namespace gpioclx::kernel::ldr {
namespace {

using machine::Arena;
using machine::Machine;

constexpr char table_text[] =
#include "irql_table.inc"
    ;

// Behind the images: see slot_count in image.cpp.
constexpr std::size_t gates_size = std::size_t{1} << 20;
constexpr std::uintptr_t gates_base = Arena::images_base + Arena::images_size - gates_size;
constexpr std::size_t gate_size = 64;

KIRQL level_of(std::string_view name) {
    if (name == "PASSIVE") return PASSIVE_LEVEL;
    if (name == "APC") return APC_LEVEL;
    if (name == "DISPATCH") return DISPATCH_LEVEL;
    if (name == "DIRQL") return CLOCK_LEVEL - 1;
    return HIGH_LEVEL;
}

std::string_view cut(std::string_view& text, char at) {
    const std::size_t end = std::min(text.find(at), text.size());
    const std::string_view field = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return field;
}

std::vector<IrqlRule> parse() {
    std::vector<IrqlRule> rules;
    std::string_view text(table_text);
    while (!text.empty()) {
        std::string_view line = cut(text, '\n');
        if (line.empty() || line.starts_with('#')) continue;
        IrqlRule& rule = rules.emplace_back();
        rule.function = cut(line, '\t');
        cut(line, '\t');
        rule.lowest = level_of(cut(line, '\t'));
        rule.highest = level_of(cut(line, '\t'));
    }
    std::sort(rules.begin(), rules.end(),
              [](const IrqlRule& a, const IrqlRule& b) { return a.function < b.function; });
    return rules;
}

struct Gates {
    std::array<const void*, gates_size / gate_size> functions{};  // by the rule's place; null: none
};

Gates& gates() {
    machine::OutsideArenaScope outside;
    static Gates all;
    return all;
}

}  // namespace

std::span<const IrqlRule> irql_rules() {
    machine::OutsideArenaScope outside;
    static const std::vector<IrqlRule> rules = parse();
    return rules;
}

const IrqlRule* irql_rule_of(std::string_view function) {
    const auto rules = irql_rules();
    const auto found =
        std::lower_bound(rules.begin(), rules.end(), function,
                         [](const IrqlRule& a, std::string_view b) { return a.function < b; });
    return found != rules.end() && found->function == function ? &*found : nullptr;
}

}  // namespace gpioclx::kernel::ldr

// The IRQL, in eax; outside processors one that passes most gates. Keeps all other registers.
extern "C" __attribute__((no_caller_saved_registers, target("general-regs-only"),
                          no_sanitize("address", "undefined"))) unsigned
gx_gate_level() {
    const gpioclx::machine::Machine& machine = gpioclx::machine::Machine::current();
    return machine.on_processor() ? machine.level() : 0u;
}

// The gate of rule `index` found the IRQL wrong. Returns where to go on.
extern "C" const void* gx_gate_report(std::uint32_t index) {
    namespace ke = gpioclx::kernel::ke;
    namespace ldr = gpioclx::kernel::ldr;
    const ldr::IrqlRule& rule = ldr::irql_rules()[index];
    ke::require_irql_at_most(rule.highest, rule.function);
    ke::require_irql_at_least(rule.lowest, rule.function);
    return ldr::gates().functions[index];
}

// Entered by a jump, with the rule in r11d and rax in r10. A frame of its own, so that the driver's
// call stands in the chain of frames; then everything is put back that may carry an argument.
extern "C" void gx_gate_shut();
__asm__(
    ".text\n"
    ".globl gx_gate_shut\n"
    ".type gx_gate_shut, @function\n"
    "gx_gate_shut:\n"
    "    pushq %rbp\n    movq %rsp, %rbp\n"
    "    subq $192, %rsp\n"
    "    movq %rdi, (%rsp)\n    movq %rsi, 8(%rsp)\n    movq %rdx, 16(%rsp)\n"
    "    movq %rcx, 24(%rsp)\n    movq %r8, 32(%rsp)\n    movq %r9, 40(%rsp)\n"
    "    movq %r10, 48(%rsp)\n"
    "    movaps %xmm0, 64(%rsp)\n    movaps %xmm1, 80(%rsp)\n    movaps %xmm2, 96(%rsp)\n"
    "    movaps %xmm3, 112(%rsp)\n    movaps %xmm4, 128(%rsp)\n    movaps %xmm5, 144(%rsp)\n"
    "    movaps %xmm6, 160(%rsp)\n    movaps %xmm7, 176(%rsp)\n"
    "    movl %r11d, %edi\n"
    "    call gx_gate_report\n"
    "    movq %rax, %r11\n"
    "    movq (%rsp), %rdi\n    movq 8(%rsp), %rsi\n    movq 16(%rsp), %rdx\n"
    "    movq 24(%rsp), %rcx\n    movq 32(%rsp), %r8\n    movq 40(%rsp), %r9\n"
    "    movq 48(%rsp), %rax\n"
    "    movaps 64(%rsp), %xmm0\n    movaps 80(%rsp), %xmm1\n    movaps 96(%rsp), %xmm2\n"
    "    movaps 112(%rsp), %xmm3\n    movaps 128(%rsp), %xmm4\n    movaps 144(%rsp), %xmm5\n"
    "    movaps 160(%rsp), %xmm6\n    movaps 176(%rsp), %xmm7\n"
    "    leave\n"
    "    jmp *%r11\n"
    ".size gx_gate_shut, . - gx_gate_shut\n");

namespace gpioclx::kernel::ldr {
namespace {

// Writes one gate. Code of x86-64, byte by byte.
class Writer {
  public:
    explicit Writer(std::uint8_t* at) : at_(at) {}
    void bytes(std::initializer_list<unsigned> values) {
        for (unsigned value : values) *at_++ = static_cast<std::uint8_t>(value);
    }
    template <typename T>
    void word(T value) {
        std::memcpy(at_, &value, sizeof value);
        at_ += sizeof value;
    }
    std::uint8_t* at() const { return at_; }

  private:
    std::uint8_t* at_;
};

void* write_gate(std::size_t index, const IrqlRule& rule, const void* function) {
    auto* gate = reinterpret_cast<std::uint8_t*>(gates_base + index * gate_size);
    Writer code(gate);
    std::vector<std::uint8_t*> to_shut;  // bytes that hold a distance
    code.bytes({0x49, 0x89, 0xC2});      // mov r10, rax: a caller of printf counts vectors in al
    code.bytes({0x49, 0xBB});            // mov r11, gx_gate_level
    code.word(reinterpret_cast<std::uint64_t>(&gx_gate_level));
    code.bytes({0x41, 0xFF, 0xD3});  // call r11
    if (rule.highest != HIGH_LEVEL) {
        code.bytes({0x3C, rule.highest, 0x77, 0});  // cmp al, highest; ja shut
        to_shut.push_back(code.at() - 1);
    }
    if (rule.lowest != PASSIVE_LEVEL) {
        code.bytes({0x3C, rule.lowest, 0x72, 0});  // cmp al, lowest; jb shut
        to_shut.push_back(code.at() - 1);
    }
    code.bytes({0x4C, 0x89, 0xD0, 0x49, 0xBB});  // mov rax, r10; mov r11, function
    code.word(reinterpret_cast<std::uint64_t>(function));
    code.bytes({0x41, 0xFF, 0xE3});  // jmp r11
    for (std::uint8_t* distance : to_shut)
        *distance = static_cast<std::uint8_t>(code.at() - distance - 1);
    code.bytes({0x41, 0xBB});  // mov r11d, index
    code.word(static_cast<std::uint32_t>(index));
    code.bytes({0x48, 0xB8});  // mov rax, gx_gate_shut
    code.word(reinterpret_cast<std::uint64_t>(&gx_gate_shut));
    code.bytes({0xFF, 0xE0});  // jmp rax
    if (code.at() > gate + gate_size) std::abort();
    return gate;
}

void protect_gates(int protection) {
    if (mprotect(reinterpret_cast<void*>(gates_base), gates_size, protection) == 0) return;
    std::perror("gpioclx: cannot map the gates of kernel functions");
    std::abort();
}

}  // namespace

void put_gates(std::map<std::string_view, const void*>& exports) {
    const auto rules = irql_rules();
    if (rules.size() > gates_size / gate_size) std::abort();
    Arena::instance();  // the gates stand in its range
    protect_gates(PROT_READ | PROT_WRITE);
    for (std::size_t i = 0; i < rules.size(); ++i) {
        const auto entry = exports.find(rules[i].function);
        if (entry == exports.end() || !rules[i].bounded()) continue;
        gates().functions[i] = entry->second;
        entry->second = write_gate(i, rules[i], entry->second);
    }
    protect_gates(PROT_READ | PROT_EXEC);
}

}  // namespace gpioclx::kernel::ldr
