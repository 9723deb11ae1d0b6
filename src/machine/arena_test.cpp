#include "machine/arena.h"

#include <gtest/gtest.h>

#include <string>

namespace gpioclx::machine {
namespace {

TEST(Arena, new_takes_from_the_arena_only_inside_a_scope) {
    Arena::instance().reset();
    int* outside = new int;
    EXPECT_FALSE(Arena::contains(outside));
    {
        ArenaScope inside;
        int* in = new int;
        EXPECT_TRUE(Arena::contains(in));
        {
            OutsideArenaScope tool;
            int* again = new int;
            EXPECT_FALSE(Arena::contains(again));
            delete again;
        }
        delete outside;  // blocks find their heap by address
        delete in;
    }
}

TEST(Arena, the_same_requests_give_the_same_addresses) {
    const auto run = [] {
        Arena::instance().reset();
        std::string trail;
        void* kept = nullptr;
        for (std::size_t size : {1u, 16u, 17u, 1024u, 1025u, 5000u, 70000u}) {
            void* block = Arena::instance().allocate(size);
            trail += std::to_string(reinterpret_cast<std::uintptr_t>(block)) + " ";
            if (kept != nullptr) Arena::instance().free(kept);
            kept = block;
        }
        return trail;
    };
    EXPECT_EQ(run(), run());
}

TEST(Arena, what_drivers_see_does_not_move_with_what_the_tool_keeps_for_itself) {
    const auto run = [](std::size_t length_of_a_path) {
        Arena::instance().reset();
        ArenaScope inside;
        const std::string path(length_of_a_path, 'x');
        void* first = Arena::instance().allocate(100);
        delete new std::string(path);
        struct Record : SeenByDrivers {
            char room[200];
        };
        return std::pair<void*, void*>(first, new Record);
    };
    EXPECT_EQ(run(20), run(90));
}

TEST(Arena, freed_blocks_are_used_again) {
    Arena::instance().reset();
    void* first = Arena::instance().allocate(100);
    Arena::instance().free(first);
    EXPECT_EQ(Arena::instance().allocate(97), first);
}

TEST(Arena, a_guard_lies_below_each_stack) {
    Arena::instance().reset();
    void* context = nullptr;
    char* top = static_cast<char*>(Arena::instance().allocate_stack(&context));
    EXPECT_FALSE(Arena::is_stack_guard(top - 1));
    EXPECT_FALSE(Arena::is_stack_guard(top - Arena::stack_size));
    EXPECT_TRUE(Arena::is_stack_guard(top - Arena::stack_size - 1));
    Arena::instance().free_stack(top);
}

}  // namespace
}  // namespace gpioclx::machine
