// A started board for each test, and at its end the questions that every test of a driver asks: does
// it stop and unload, and did it keep the rules?
#pragma once

#include <gpioclx/gpioclx.h>
#include <gpioclx/gtest.h>

class Pushbutton : public testing::Test {
  protected:
    void SetUp() override {
        board.start();
        board.take_new_events();  // a test looks at what it brings about, not at the start
    }

    void TearDown() override {
        if (board.is_alive()) board.stop();
        EXPECT_TRUE(gpioclx::nothing_found(board));
    }

    gpioclx::Board board{PUSHBUTTON_BENCH};
};
