#include "trap/instruction.h"

#include <Zydis/Zydis.h>

#include <algorithm>
#include <cstring>

namespace gpioclx::trap {
namespace {

constexpr std::size_t longest = 15;

ZydisDecoder make_decoder() {
    ZydisDecoder decoder;
    ZydisDecoderInit(&decoder, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64);
    return decoder;
}

struct Decoded {
    ZydisDecodedInstruction instruction;
    ZydisDecodedOperand operands[ZYDIS_MAX_OPERAND_COUNT];
};

// Does not read across the end of a page unless the instruction does.
bool decode_at(std::uint64_t rip, Decoded& decoded) {
    static const ZydisDecoder decoder = make_decoder();
    const void* code = reinterpret_cast<const void*>(rip);
    const std::size_t in_page = std::min<std::size_t>(longest, 4096 - (rip & 4095));
    for (std::size_t length : {in_page, longest}) {
        if (ZYAN_SUCCESS(ZydisDecoderDecodeFull(&decoder, code, length, &decoded.instruction,
                                                decoded.operands))) {
            return true;
        }
    }
    return false;
}

// The number of the general register that `name` is or is a part of; -1 for others.
int number_of(ZydisRegister name) {
    const ZydisRegister whole = ZydisRegisterGetLargestEnclosing(ZYDIS_MACHINE_MODE_LONG_64, name);
    if (ZydisRegisterGetClass(whole) != ZYDIS_REGCLASS_GPR64) return -1;
    return ZydisRegisterGetId(whole);
}

ZydisRegister register64(unsigned number) {
    return ZydisRegisterEncode(ZYDIS_REGCLASS_GPR64, static_cast<ZyanU8>(number));
}

bool is_vector(ZydisRegister name) {
    const ZydisRegisterClass kind = ZydisRegisterGetClass(name);
    return kind != ZYDIS_REGCLASS_GPR8 && kind != ZYDIS_REGCLASS_GPR16 &&
           kind != ZYDIS_REGCLASS_GPR32 && kind != ZYDIS_REGCLASS_GPR64 &&
           kind != ZYDIS_REGCLASS_FLAGS;
}

void take_address(const Decoded& decoded, const ZydisDecodedOperand& memory, Instruction& result) {
    result.relative =
        memory.mem.base == ZYDIS_REGISTER_RIP || memory.mem.base == ZYDIS_REGISTER_EIP;
    if (!result.relative && memory.mem.base != ZYDIS_REGISTER_NONE)
        result.base = static_cast<std::int8_t>(number_of(memory.mem.base));
    if (memory.mem.index != ZYDIS_REGISTER_NONE)
        result.index = static_cast<std::int8_t>(number_of(memory.mem.index));
    result.scale = memory.mem.scale;
    result.displacement = memory.mem.disp.has_displacement ? memory.mem.disp.value : 0;
    result.address32 = decoded.instruction.address_width == 32;
}

// A register for the operand's address in the copy. Of the first eight, because a high byte (ah)
// cannot stand beside one of the others.
int free_register(const Decoded& decoded, const ZydisDecodedOperand& memory) {
    unsigned used = 1u << static_cast<unsigned>(Gpr::rsp);
    for (unsigned i = 0; i < decoded.instruction.operand_count; ++i) {
        const ZydisDecodedOperand& operand = decoded.operands[i];
        if (&operand == &memory || operand.type != ZYDIS_OPERAND_TYPE_REGISTER) continue;
        if (const int number = number_of(operand.reg.value); number >= 0) used |= 1u << number;
    }
    for (int number = 0; number < 8; ++number) {
        if ((used >> number & 1) == 0) return number;
    }
    return -1;
}

bool make_copy(const Decoded& decoded, const ZydisDecodedOperand& memory, Instruction& result) {
    const int scratch = free_register(decoded, memory);
    ZydisEncoderRequest request;
    if (scratch < 0 || !ZYAN_SUCCESS(ZydisEncoderDecodedInstructionToEncoderRequest(
                           &decoded.instruction, decoded.operands,
                           decoded.instruction.operand_count_visible, &request))) {
        return false;
    }
    request.prefixes &= ~(ZYDIS_ATTRIB_HAS_SEGMENT);
    request.address_size_hint = ZYDIS_ADDRESS_SIZE_HINT_NONE;
    for (unsigned i = 0; i < request.operand_count; ++i) {
        if (request.operands[i].type != ZYDIS_OPERAND_TYPE_MEMORY) continue;
        auto& mem = request.operands[i].mem;
        mem.base = register64(static_cast<unsigned>(scratch));
        mem.index = ZYDIS_REGISTER_NONE;
        mem.scale = 0;
        mem.displacement = 0;
    }
    ZyanUSize length = result.copy.size();
    if (!ZYAN_SUCCESS(ZydisEncoderEncodeInstruction(&request, result.copy.data(), &length)))
        return false;
    result.scratch = static_cast<Gpr>(scratch);
    result.copy_length = static_cast<std::uint8_t>(length);
    return true;
}

bool uses_stack_pointer(const Decoded& decoded) {
    for (unsigned i = 0; i < decoded.instruction.operand_count; ++i) {
        const ZydisDecodedOperand& operand = decoded.operands[i];
        if (operand.type == ZYDIS_OPERAND_TYPE_REGISTER &&
            number_of(operand.reg.value) == static_cast<int>(Gpr::rsp)) {
            return true;
        }
    }
    return false;
}

// A bit offset in a register reaches beyond the operand.
bool has_far_bit_offset(const Decoded& decoded) {
    switch (decoded.instruction.mnemonic) {
        case ZYDIS_MNEMONIC_BT:
        case ZYDIS_MNEMONIC_BTS:
        case ZYDIS_MNEMONIC_BTR:
        case ZYDIS_MNEMONIC_BTC: return decoded.operands[1].type == ZYDIS_OPERAND_TYPE_REGISTER;
        default: return false;
    }
}

Instruction::Kind string_kind(ZydisMnemonic mnemonic) {
    using Kind = Instruction::Kind;
    switch (mnemonic) {
        case ZYDIS_MNEMONIC_MOVSB:
        case ZYDIS_MNEMONIC_MOVSW:
        case ZYDIS_MNEMONIC_MOVSD:
        case ZYDIS_MNEMONIC_MOVSQ: return Kind::string_move;
        case ZYDIS_MNEMONIC_STOSB:
        case ZYDIS_MNEMONIC_STOSW:
        case ZYDIS_MNEMONIC_STOSD:
        case ZYDIS_MNEMONIC_STOSQ: return Kind::string_store;
        case ZYDIS_MNEMONIC_LODSB:
        case ZYDIS_MNEMONIC_LODSW:
        case ZYDIS_MNEMONIC_LODSD:
        case ZYDIS_MNEMONIC_LODSQ: return Kind::string_load;
        default: return Kind::refused;
    }
}

bool is_served_size(unsigned bytes, bool vector) {
    if (bytes == 1 || bytes == 2 || bytes == 4 || bytes == 8) return true;
    return vector && (bytes == 16 || bytes == 32);
}

Instruction::Kind kind_of(const Decoded& decoded, const ZydisDecodedOperand& memory,
                          Instruction& result) {
    using Kind = Instruction::Kind;
    if (decoded.instruction.meta.category == ZYDIS_CATEGORY_STRINGOP)
        return string_kind(decoded.instruction.mnemonic);
    const bool segment =
        memory.mem.segment == ZYDIS_REGISTER_FS || memory.mem.segment == ZYDIS_REGISTER_GS;
    if (memory.mem.type != ZYDIS_MEMOP_TYPE_MEM || segment) return Kind::refused;
    if (decoded.instruction.mnemonic == ZYDIS_MNEMONIC_PUSH)
        return result.size == 8 ? Kind::push : Kind::refused;
    if (decoded.instruction.mnemonic == ZYDIS_MNEMONIC_POP)
        return result.size == 8 ? Kind::pop : Kind::refused;
    const bool branches = decoded.instruction.meta.branch_type != ZYDIS_BRANCH_TYPE_NONE;
    const bool masked = decoded.instruction.avx.mask.mode != ZYDIS_MASK_MODE_INVALID &&
                        decoded.instruction.avx.mask.mode != ZYDIS_MASK_MODE_DISABLED;
    if (branches || masked || uses_stack_pointer(decoded) || has_far_bit_offset(decoded) ||
        !is_served_size(result.size, result.vector) || !make_copy(decoded, memory, result)) {
        return Kind::refused;
    }
    return Kind::operand;
}

Instruction examine(std::uint64_t rip) {
    Decoded decoded;
    Instruction result;
    if (!decode_at(rip, decoded)) return result;
    const ZydisDecodedInstruction& instruction = decoded.instruction;
    result.length = instruction.length;
    const ZydisDecodedOperand* memory = nullptr;
    for (unsigned i = 0; i < instruction.operand_count; ++i) {
        const ZydisDecodedOperand& operand = decoded.operands[i];
        if (operand.type == ZYDIS_OPERAND_TYPE_REGISTER)
            result.vector |= is_vector(operand.reg.value);
        // The stack's own memory, of push and pop, is hidden and comes later.
        if (operand.type == ZYDIS_OPERAND_TYPE_MEMORY && memory == nullptr) memory = &operand;
    }
    if (memory == nullptr || memory->size > 8 * 64) return result;
    result.size = static_cast<std::uint8_t>(memory->size / 8);
    result.reads = (memory->actions & ZYDIS_OPERAND_ACTION_MASK_READ) != 0;
    result.writes = (memory->actions & ZYDIS_OPERAND_ACTION_MASK_WRITE) != 0;
    result.locked = (instruction.attributes & ZYDIS_ATTRIB_HAS_LOCK) != 0 ||
                    instruction.mnemonic == ZYDIS_MNEMONIC_XCHG;
    result.repeated = (instruction.attributes & (ZYDIS_ATTRIB_HAS_REP | ZYDIS_ATTRIB_HAS_REPE |
                                                 ZYDIS_ATTRIB_HAS_REPNE)) != 0;
    take_address(decoded, *memory, result);
    result.kind = kind_of(decoded, *memory, result);
    if (result.address32 && string_kind(instruction.mnemonic) != Instruction::Kind::refused &&
        instruction.meta.category == ZYDIS_CATEGORY_STRINGOP) {
        result.kind = Instruction::Kind::refused;
    }
    return result;
}

// By place, checked by contents: another driver may stand there later. A cache, not state: what
// it answers is a function of the bytes.
struct CacheEntry {
    std::uint64_t rip = 0;
    std::array<std::uint8_t, 16> bytes{};
    Instruction instruction;
};
constexpr std::size_t cache_size = 512;
CacheEntry cache[cache_size];

}  // namespace

std::uint64_t Instruction::address(const Guest& guest) const {
    std::uint64_t sum = static_cast<std::uint64_t>(displacement);
    if (relative) sum += guest.rip + length;
    if (base >= 0) sum += guest.gpr[static_cast<std::size_t>(base)];
    if (index >= 0) sum += guest.gpr[static_cast<std::size_t>(index)] * scale;
    return address32 ? sum & 0xFFFFFFFF : sum;
}

Instruction decode(std::uint64_t rip) {
    CacheEntry& entry = cache[(rip ^ rip >> 9) % cache_size];
    const void* code = reinterpret_cast<const void*>(rip);
    if (entry.rip == rip && entry.instruction.length != 0 &&
        std::memcmp(entry.bytes.data(), code, entry.instruction.length) == 0) {
        return entry.instruction;
    }
    entry.instruction = examine(rip);
    entry.rip = rip;
    std::memcpy(entry.bytes.data(), code, entry.instruction.length);
    return entry.instruction;
}

InstructionText text_of(std::uint64_t rip) {
    InstructionText text{"an unknown instruction"};
    Decoded decoded;
    if (!decode_at(rip, decoded)) return text;
    ZydisFormatter formatter;
    ZydisFormatterInit(&formatter, ZYDIS_FORMATTER_STYLE_INTEL);
    ZydisFormatterFormatInstruction(&formatter, &decoded.instruction, decoded.operands,
                                    decoded.instruction.operand_count_visible, text.data(),
                                    text.size(), rip, nullptr);
    return text;
}

}  // namespace gpioclx::trap
