// Each instruction is run twice: on ordinary memory, and on the window, behind which a bus with the
// same bytes stands. Registers, flags, memory and the accesses must agree.
#include "trap/register_trap.h"

#include <gtest/gtest.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/mman.h>

#include <cstring>
#include <string>
#include <vector>

namespace gpioclx::trap {
namespace {

constexpr std::size_t window_size = 8192;

struct Access {
    bool write;
    std::size_t offset;
    unsigned bytes;
    std::uint64_t value;
    bool operator==(const Access&) const = default;
};

class TestBus final : public Bus {
  public:
    std::uint64_t read(std::uintptr_t address, unsigned bytes) override {
        std::uint64_t value = 0;
        std::memcpy(&value, memory + (address - window), bytes);
        accesses.push_back({false, address - window, bytes, value});
        return value;
    }
    void write(std::uintptr_t address, unsigned bytes, std::uint64_t value) override {
        std::memcpy(memory + (address - window), &value, bytes);
        accesses.push_back({true, address - window, bytes, value});
    }
    void pass_time() override {
        ++steps;
        // What code that a switch lets in would do to the vector registers.
        __asm__ volatile("pcmpeqd %%xmm0, %%xmm0\n pcmpeqd %%xmm1, %%xmm1\n" ::: "xmm0", "xmm1");
    }
    [[noreturn]] void refuse(std::uintptr_t address, std::string_view instruction) override {
        refused = std::string(instruction);
        refused_at = address - window;
        siglongjmp(after_refusal, 1);
    }

    std::uintptr_t window = 0;
    alignas(64) unsigned char memory[window_size] = {};
    std::vector<Access> accesses;
    unsigned steps = 0;
    std::string refused;
    std::size_t refused_at = 0;
    static inline sigjmp_buf after_refusal;
};

TestBus* bus = nullptr;

void on_fault(int, siginfo_t* info, void* context) {
    if (divert(context, reinterpret_cast<std::uintptr_t>(info->si_addr))) return;
    signal(SIGSEGV, SIG_DFL);
}

struct State {
    std::uint64_t rax = 0x1122334455667788, rcx = 0x0000000000000004, rdx = 0xA0A0A0A0F0F0F0F0;
    std::uint64_t rbx = 0x00000000000001F7, rsi = 0, rdi = 0, r9 = 0x0123456789ABCDEF,
                  flags = 0x202;
    alignas(32) unsigned char xmm0[16] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
    alignas(32) unsigned char xmm1[16] = {9, 9, 9, 9, 8, 8, 8, 8, 7, 7, 7, 7, 6, 6, 6, 6};
};

// Runs TEXT with the registers of the state, rdi at the memory.
#define INSTRUCTION(NAME, TEXT)                                                                \
    __attribute__((noinline)) void NAME(State& s) {                                            \
        __asm__ volatile(                                                                      \
            "movq %0, %%r12\n"                                                                 \
            "movdqa 64(%%r12), %%xmm0\n movdqa 96(%%r12), %%xmm1\n"                            \
            "movq 24(%%r12), %%rbx\n movq 8(%%r12), %%rcx\n movq 16(%%r12), %%rdx\n"           \
            "movq 32(%%r12), %%rsi\n movq 40(%%r12), %%rdi\n movq 48(%%r12), %%r9\n"           \
            "pushq 56(%%r12)\n movq (%%r12), %%rax\n popfq\n" TEXT                             \
            "\n pushfq\n popq 56(%%r12)\n cld\n"                                               \
            "movq %%rax, (%%r12)\n movq %%rcx, 8(%%r12)\n movq %%rdx, 16(%%r12)\n"             \
            "movq %%rbx, 24(%%r12)\n movq %%rsi, 32(%%r12)\n movq %%rdi, 40(%%r12)\n"          \
            "movq %%r9, 48(%%r12)\n movdqa %%xmm0, 64(%%r12)\n movdqa %%xmm1, 96(%%r12)\n"     \
            :                                                                                  \
            : "r"(&s)                                                                          \
            : "rax", "rbx", "rcx", "rdx", "rsi", "rdi", "r9", "r12", "xmm0", "xmm1", "memory", \
              "cc");                                                                           \
    }
static_assert(offsetof(State, flags) == 56 && offsetof(State, xmm0) == 64 &&
              offsetof(State, xmm1) == 96);

INSTRUCTION(load8, "movb (%%rdi), %%al")
INSTRUCTION(load8_high, "movb (%%rdi), %%ah")
INSTRUCTION(load16, "movw 2(%%rdi), %%ax")
INSTRUCTION(load32, "movl 4(%%rdi), %%eax")
INSTRUCTION(load64, "movq 8(%%rdi), %%rax")
INSTRUCTION(load_over_base, "movl (%%rdi), %%edi")
INSTRUCTION(load_indexed, "movl 4(%%rdi,%%rcx,2), %%r9d")
INSTRUCTION(store8, "movb %%al, (%%rdi)")
INSTRUCTION(store8_high, "movb %%ah, (%%rdi)")
INSTRUCTION(store16, "movw %%ax, 2(%%rdi)")
INSTRUCTION(store32, "movl %%eax, 4(%%rdi)")
INSTRUCTION(store64, "movq %%r9, 8(%%rdi)")
INSTRUCTION(store_constant8, "movb $0x5A, 1(%%rdi)")
INSTRUCTION(store_constant16, "movw $0x5A5A, 2(%%rdi)")
INSTRUCTION(store_constant32, "movl $0x5A5A5A5A, 4(%%rdi)")
INSTRUCTION(store_constant64, "movq $-2, 8(%%rdi)")
INSTRUCTION(zero_extend8, "movzbl 3(%%rdi), %%eax")
INSTRUCTION(zero_extend16, "movzwl 2(%%rdi), %%ecx")
INSTRUCTION(sign_extend8, "movsbl 3(%%rdi), %%eax")
INSTRUCTION(sign_extend16, "movswq 2(%%rdi), %%rdx")
INSTRUCTION(sign_extend32, "movslq 4(%%rdi), %%rdx")
INSTRUCTION(or_constant, "orl $0x10, 4(%%rdi)")
INSTRUCTION(or_register, "orl %%eax, 4(%%rdi)")
INSTRUCTION(or_from_memory, "orl 4(%%rdi), %%eax")
INSTRUCTION(and_constant, "andl $-17, 4(%%rdi)")
INSTRUCTION(and_byte, "andb $0x0F, 4(%%rdi)")
INSTRUCTION(xor_register, "xorq %%rax, 8(%%rdi)")
INSTRUCTION(add_constant, "addl $0x7FFFFFFF, 4(%%rdi)")
INSTRUCTION(add_with_carry, "stc\n adcl %%eax, 4(%%rdi)")
INSTRUCTION(subtract, "subw %%ax, 2(%%rdi)")
INSTRUCTION(increment, "incl 4(%%rdi)")
INSTRUCTION(negate, "negl 4(%%rdi)")
INSTRUCTION(invert, "notl 4(%%rdi)")
INSTRUCTION(shift_left, "shll $3, 4(%%rdi)")
INSTRUCTION(compare_constant, "cmpl $0x80, 4(%%rdi)")
INSTRUCTION(compare_register, "cmpq %%rax, 8(%%rdi)")
INSTRUCTION(test_constant, "testl $0x100, 4(%%rdi)")
INSTRUCTION(test_byte, "testb $0x80, 7(%%rdi)")
INSTRUCTION(exchange, "xchgl %%eax, 4(%%rdi)")
INSTRUCTION(exchange_add, "lock xaddl %%eax, 4(%%rdi)")
INSTRUCTION(locked_or, "lock orl $0x40, 4(%%rdi)")
INSTRUCTION(compare_exchange_misses, "lock cmpxchgl %%edx, 4(%%rdi)")
INSTRUCTION(compare_exchange_hits, "movl $0x87868584, %%eax\n lock cmpxchgl %%edx, 4(%%rdi)")
INSTRUCTION(bit_test, "btl $9, 4(%%rdi)")
INSTRUCTION(bit_set, "btsl $9, 4(%%rdi)")
INSTRUCTION(set_if, "cmpl $1, %%ecx\n setne 4(%%rdi)")
INSTRUCTION(move_if, "cmpl $1, %%ecx\n cmovnel 4(%%rdi), %%eax")
INSTRUCTION(multiply, "imull 4(%%rdi), %%eax")
INSTRUCTION(multiply_wide, "mull 4(%%rdi)")
INSTRUCTION(load_unaligned16, "movups 16(%%rdi), %%xmm0")
INSTRUCTION(load_aligned16, "movdqa 16(%%rdi), %%xmm1")
INSTRUCTION(store_aligned16, "movaps %%xmm0, 16(%%rdi)")
INSTRUCTION(load_scalar8, "movq 8(%%rdi), %%xmm0")
INSTRUCTION(store_scalar4, "movd %%xmm1, 4(%%rdi)")
INSTRUCTION(vector_xor, "pxor 16(%%rdi), %%xmm0")
INSTRUCTION(copy_out, "movq %%rdi, %%rsi\n movq %%rdx, %%rdi\n rep movsl")
INSTRUCTION(fill, "rep stosw")
INSTRUCTION(fill_once, "stosb")
INSTRUCTION(load_string, "movq %%rdi, %%rsi\n lodsl")
INSTRUCTION(push_pop, "pushq 8(%%rdi)\n popq %%rax\n pushq %%rcx\n popq 16(%%rdi)")

class RegisterTrapTest : public testing::Test {
  protected:
    void SetUp() override {
        void* window = mmap(nullptr, window_size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        ASSERT_NE(window, MAP_FAILED);
        device_.window = reinterpret_cast<std::uintptr_t>(window);
        fill_bytes(device_.memory);
        install(device_, device_.window, window_size);
        bus = &device_;
        struct sigaction action {};
        action.sa_sigaction = &on_fault;
        action.sa_flags = SA_SIGINFO;
        sigaction(SIGSEGV, &action, &before_);
    }
    void TearDown() override {
        sigaction(SIGSEGV, &before_, nullptr);
        munmap(reinterpret_cast<void*>(device_.window), window_size);
    }
    static void fill_bytes(unsigned char* memory) {
        for (std::size_t i = 0; i < window_size; ++i)
            memory[i] = static_cast<unsigned char>(0x80 + i);
    }
    volatile std::uint32_t* word(std::size_t offset) {
        return reinterpret_cast<volatile std::uint32_t*>(device_.window + offset);
    }

    TestBus device_;
    struct sigaction before_ {};
};

struct Case {
    const char* name;
    void (*run)(State&);
    unsigned reads, writes;
};

class SameAsOnMemoryTest : public RegisterTrapTest, public testing::WithParamInterface<Case> {};

TEST_P(SameAsOnMemoryTest, registers_flags_and_memory_agree) {
    alignas(64) static unsigned char memory[window_size];
    fill_bytes(memory);
    State plain, trapped;
    plain.rdi = reinterpret_cast<std::uint64_t>(memory);
    trapped.rdi = device_.window;
    GetParam().run(plain);
    GetParam().run(trapped);
    EXPECT_EQ(trapped.rax, plain.rax);
    EXPECT_EQ(trapped.rbx, plain.rbx);
    EXPECT_EQ(trapped.rcx, plain.rcx);
    EXPECT_EQ(trapped.rdx, plain.rdx);
    EXPECT_EQ(trapped.r9, plain.r9);
    EXPECT_EQ(trapped.flags, plain.flags);
    EXPECT_EQ(std::memcmp(trapped.xmm0, plain.xmm0, 16), 0);
    EXPECT_EQ(std::memcmp(trapped.xmm1, plain.xmm1, 16), 0);
    EXPECT_EQ(std::memcmp(device_.memory, memory, 64), 0);
    unsigned reads = 0, writes = 0;
    for (const Access& access : device_.accesses) ++(access.write ? writes : reads);
    EXPECT_EQ(reads, GetParam().reads);
    EXPECT_EQ(writes, GetParam().writes);
}

#define CASE(NAME, READS, WRITES) \
    Case { #NAME, &NAME, READS, WRITES }
INSTANTIATE_TEST_SUITE_P(
    Instructions, SameAsOnMemoryTest,
    testing::Values(CASE(load8, 1, 0), CASE(load8_high, 1, 0), CASE(load16, 1, 0),
                    CASE(load32, 1, 0), CASE(load64, 1, 0), CASE(load_over_base, 1, 0),
                    CASE(load_indexed, 1, 0), CASE(store8, 0, 1), CASE(store8_high, 0, 1),
                    CASE(store16, 0, 1), CASE(store32, 0, 1), CASE(store64, 0, 1),
                    CASE(store_constant8, 0, 1), CASE(store_constant16, 0, 1),
                    CASE(store_constant32, 0, 1), CASE(store_constant64, 0, 1),
                    CASE(zero_extend8, 1, 0), CASE(zero_extend16, 1, 0), CASE(sign_extend8, 1, 0),
                    CASE(sign_extend16, 1, 0), CASE(sign_extend32, 1, 0), CASE(or_constant, 1, 1),
                    CASE(or_register, 1, 1), CASE(or_from_memory, 1, 0), CASE(and_constant, 1, 1),
                    CASE(and_byte, 1, 1), CASE(xor_register, 1, 1), CASE(add_constant, 1, 1),
                    CASE(add_with_carry, 1, 1), CASE(subtract, 1, 1), CASE(increment, 1, 1),
                    CASE(negate, 1, 1), CASE(invert, 1, 1), CASE(shift_left, 1, 1),
                    CASE(compare_constant, 1, 0), CASE(compare_register, 1, 0),
                    CASE(test_constant, 1, 0), CASE(test_byte, 1, 0), CASE(exchange, 1, 1),
                    CASE(exchange_add, 1, 1), CASE(locked_or, 1, 1),
                    CASE(compare_exchange_misses, 1, 1), CASE(compare_exchange_hits, 1, 1)),
    [](const auto& info) { return info.param.name; });
INSTANTIATE_TEST_SUITE_P(MoreInstructions, SameAsOnMemoryTest,
                         testing::Values(CASE(bit_test, 1, 0), CASE(bit_set, 1, 1),
                                         CASE(set_if, 0, 1), CASE(move_if, 1, 0),
                                         CASE(multiply, 1, 0), CASE(multiply_wide, 1, 0),
                                         CASE(load_unaligned16, 4, 0), CASE(load_aligned16, 4, 0),
                                         CASE(store_aligned16, 0, 4), CASE(load_scalar8, 1, 0),
                                         CASE(store_scalar4, 0, 1), CASE(vector_xor, 4, 0),
                                         CASE(fill, 0, 4), CASE(fill_once, 0, 1),
                                         CASE(load_string, 1, 0), CASE(push_pop, 1, 1)),
                         [](const auto& info) { return info.param.name; });

TEST_F(RegisterTrapTest, a_compiled_read_modify_write_reads_once_and_writes_once) {
    volatile std::uint32_t* register8 = word(8);
    *register8 = *register8 | 0x40000000;
    EXPECT_EQ(device_.accesses,
              (std::vector<Access>{{false, 8, 4, 0x8B8A8988}, {true, 8, 4, 0xCB8A8988}}));
}

TEST_F(RegisterTrapTest, rep_movs_copies_out_of_the_device_word_by_word) {
    std::uint32_t target[4] = {};
    State state;
    state.rdi = device_.window + 4;
    state.rdx = reinterpret_cast<std::uint64_t>(target);
    copy_out(state);
    EXPECT_EQ(target[0], 0x87868584u);
    EXPECT_EQ(target[3], 0x93929190u);
    EXPECT_EQ(device_.accesses.size(), 4u);
    EXPECT_EQ(state.rcx, 0u);
    EXPECT_EQ(state.rsi, device_.window + 20);
}

TEST_F(RegisterTrapTest, time_may_pass_between_read_and_write_unless_the_instruction_is_locked) {
    State state;
    state.rdi = device_.window;
    or_constant(state);
    EXPECT_EQ(device_.steps, 2u);
    device_.steps = 0;
    state.rdi = device_.window;
    locked_or(state);
    EXPECT_EQ(device_.steps, 1u);
}

// A leaf function of the tool itself keeps data below its stack pointer.
INSTRUCTION(keeps_data_in_the_red_zone,
            "movq %%r9, -16(%%rsp)\n movq %%r9, -128(%%rsp)\n movl (%%rdi), %%eax\n"
            "movq -16(%%rsp), %%rcx\n movq -128(%%rsp), %%rdx")

TEST_F(RegisterTrapTest, the_red_zone_of_the_interrupted_code_is_left_alone) {
    State state;
    state.rdi = device_.window;
    keeps_data_in_the_red_zone(state);
    EXPECT_EQ(state.rcx, state.r9);
    EXPECT_EQ(state.rdx, state.r9);
}

INSTRUCTION(call_through, "call *(%%rdi)")
INSTRUCTION(jump_through, "jmp *8(%%rdi)")
INSTRUCTION(far_bit, "btsl %%ecx, 16(%%rdi)")
INSTRUCTION(scan_string, "scasb")
INSTRUCTION(load_stack_pointer, "movq (%%rdi), %%rsp")

TEST_F(RegisterTrapTest, what_cannot_be_served_is_refused_by_name) {
    const std::pair<void (*)(State&), const char*> cases[] = {
        {&call_through, "call [rdi]"},
        {&jump_through, "jmp [rdi+0x08]"},
        {&far_bit, "bts [rdi+0x10], ecx"},
        {&scan_string, "scasb"},
        {&load_stack_pointer, "mov rsp, [rdi]"}};
    for (const auto& [run, text] : cases) {
        State state;
        state.rdi = device_.window;
        device_.refused.clear();
        if (sigsetjmp(TestBus::after_refusal, 1) == 0) {
            run(state);
            ADD_FAILURE() << "not refused: " << text;
        }
        EXPECT_NE(device_.refused.find(text), std::string::npos) << device_.refused;
    }
    EXPECT_TRUE(device_.accesses.empty());
}

TEST_F(RegisterTrapTest, other_faults_are_not_taken) {
    ucontext_t context{};
    EXPECT_FALSE(divert(&context, 0x10));
    EXPECT_FALSE(divert(&context, device_.window + window_size));
    context.uc_mcontext.gregs[REG_RIP] = static_cast<greg_t>(device_.window);
    EXPECT_FALSE(divert(&context, device_.window)) << "code was fetched there";
}

TEST_F(RegisterTrapTest, new_code_at_an_old_place_is_decoded_anew) {
    void* code =
        mmap(nullptr, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (code == MAP_FAILED) GTEST_SKIP() << "this system forbids writable code";
    auto* run = reinterpret_cast<std::uint32_t (*)(std::uintptr_t)>(code);
    std::memcpy(code, "\x8b\x07\xc3", 3);  // mov eax, [rdi]
    EXPECT_EQ(run(device_.window), 0x83828180u);
    std::memcpy(code, "\x0f\xb6\x07\xc3", 4);  // movzx eax, byte [rdi]
    EXPECT_EQ(run(device_.window), 0x80u);
    munmap(code, 4096);
}

__attribute__((noinline, target("avx"))) void avx_copy(const void* from, void* to) {
    __asm__ volatile("vmovdqu (%0), %%ymm2\n vmovdqu %%ymm2, (%1)\n vzeroupper"
                     :
                     : "r"(from), "r"(to)
                     : "xmm2", "memory");
}

TEST_F(RegisterTrapTest, avx_loads_keep_all_their_bytes) {
    if (!__builtin_cpu_supports("avx")) GTEST_SKIP() << "no AVX";
    unsigned char target[32] = {};
    avx_copy(reinterpret_cast<const void*>(device_.window + 32), target);
    EXPECT_EQ(std::memcmp(target, device_.memory + 32, 32), 0);
    EXPECT_EQ(device_.accesses.size(), 8u);
    avx_copy(target, reinterpret_cast<void*>(device_.window + 64));
    EXPECT_EQ(std::memcmp(target, device_.memory + 64, 32), 0);
}

}  // namespace
}  // namespace gpioclx::trap
