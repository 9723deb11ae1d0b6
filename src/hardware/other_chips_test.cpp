// Probes of the other shipped maps: DesignWare, i.MX, STM32 EXTI.
#include "hardware/test_bench.h"

namespace gpioclx::hardware {
namespace {

class DesignWare : public ControllerTest {
  protected:
    enum : std::uint32_t {
        DR = 0,
        DDR = 4,
        INTEN = 0x30,
        INTMASK = 0x34,
        TYPE = 0x38,
        POL = 0x3C,
        STATUS = 0x40,
        RAW = 0x44,
        DEBOUNCE = 0x48,
        EOI = 0x4C,
        EXT = 0x50,
        BOTH = 0x68
    };
    void SetUp() override { make("designware"); }
    void edge_on_pin_0() {
        low(0);
        write(TYPE, 1);
        write(POL, 1);
        write(INTEN, 1);
        write(INTMASK, 1);
        high(0);
    }
};

TEST_F(DesignWare, a_masked_edge_is_delivered_when_unmasked_and_ends_with_EOI) {
    edge_on_pin_0();
    EXPECT_EQ(read(RAW), 1u);
    EXPECT_EQ(read(STATUS), 0u);
    EXPECT_FALSE(line());
    write(INTMASK, 0);
    EXPECT_TRUE(line());
    write(EOI, 1);
    EXPECT_FALSE(line());
}

TEST_F(DesignWare, switching_INTEN_off_and_on_drops_a_pending_edge) {
    edge_on_pin_0();
    write(INTEN, 0);
    EXPECT_EQ(read(RAW), 0u);
    write(INTEN, 1);
    EXPECT_EQ(read(RAW), 0u);
}

TEST_F(DesignWare, EOI_has_no_effect_on_a_level) {
    high(0);
    write(POL, 1);
    write(INTEN, 1);
    write(EOI, 1);
    EXPECT_EQ(read(RAW), 1u);
    low(0);
    EXPECT_EQ(read(RAW), 0u);
}

TEST_F(DesignWare, a_change_to_edge_starts_with_an_empty_latch_and_a_polarity_flip_keeps_it) {
    edge_on_pin_0();
    write(POL, 0);
    EXPECT_EQ(read(RAW), 1u);
    write(TYPE, 0);
    write(TYPE, 1);
    EXPECT_EQ(read(RAW), 0u);
}

TEST_F(DesignWare, BOTHEDGE_ignores_type_and_polarity) {
    low(0);
    write(BOTH, 1);
    write(INTEN, 1);
    EXPECT_EQ(read(RAW), 0u);
    high(0);
    EXPECT_EQ(read(RAW), 1u);
    write(EOI, 1);
    low(0);
    EXPECT_EQ(read(RAW), 1u);
}

TEST_F(DesignWare, outputs_are_not_detected) {
    write(INTEN, 1);
    EXPECT_EQ(read(RAW), 1u) << "low level";
    write(DDR, 1);
    EXPECT_EQ(read(RAW), 0u);
}

TEST_F(DesignWare, debounce_drops_pulses_shorter_than_its_time_and_EXT_PORTA_shows_them) {
    high(4), low(4);
    write(TYPE, 0x30);
    write(POL, 0x30);
    write(DEBOUNCE, 0x10);
    write(INTEN, 0x30);
    high(4);
    EXPECT_EQ(read(EXT) & 0x10, 0x10u) << "not filtered";
    around.run_until(30'000);
    low(4);
    around.run_until(200'000);
    EXPECT_EQ(read(RAW), 0u);
    high(5);
    EXPECT_EQ(read(RAW), 0x20u) << "pin 5 has no filter";
    high(4);
    around.run_until(262'400);
    EXPECT_EQ(read(RAW), 0x20u);
    around.run_until(262'500);
    EXPECT_EQ(read(RAW), 0x30u);
    EXPECT_TRUE(line());
}

TEST_F(DesignWare, a_debounced_level_lasts_until_the_pad_was_quiet_for_the_time) {
    low(4);
    write(POL, 0x10);
    write(DEBOUNCE, 0x10);
    write(INTEN, 0x10);
    high(4);
    around.run_until(62'500);
    EXPECT_TRUE(line());
    low(4);
    around.run_until(100'000);
    high(4), low(4);  // bounces: the time begins anew
    around.run_until(162'499);
    EXPECT_TRUE(line());
    around.run_until(162'500);
    EXPECT_FALSE(line());
}

TEST_F(DesignWare, the_v2_map_has_its_own_offsets) {
    make("designware", "v2");
    write(0x34, 1);  // type: edge
    write(0x38, 1);  // polarity: rising
    write(0x30, 1);  // enable
    low(0), high(0);
    EXPECT_EQ(read(0x3C), 1u);
    EXPECT_TRUE(line());
    write(0x44, 1);  // mask
    EXPECT_FALSE(line());
    write(0x44, 0);
    write(0x40, 1);  // end of interrupt
    EXPECT_FALSE(line());
}

TEST_F(DesignWare, a_port_of_32_pins_is_a_model_of_its_own) {
    make("designware", "designware32");
    write(DDR, 0x80000000);
    EXPECT_EQ(read(DDR), 0x80000000u);
    EXPECT_EQ(read(0x70), 0x00039CFFu);
}

class Imx : public ControllerTest {
  protected:
    enum : std::uint32_t {
        DR = 0,
        GDIR = 4,
        PSR = 8,
        ICR1 = 0xC,
        ICR2 = 0x10,
        IMR = 0x14,
        ISR = 0x18,
        EDGE_SEL = 0x1C
    };
    void SetUp() override { make("imx"); }
};

TEST_F(Imx, after_reset_each_low_pad_has_its_status_bit_and_the_lines_are_off) {
    EXPECT_EQ(read(ISR), 0xFFFFFFFFu);
    EXPECT_FALSE(line(0));
    EXPECT_FALSE(line(1));
}

TEST_F(Imx, an_edge_that_came_while_masked_interrupts_when_unmasked) {
    low(17);
    write(ICR1, 0xAAAAAAAA);
    write(ICR2, 0xAAAAAAAA);
    write(ISR, 0xFFFFFFFF);
    EXPECT_EQ(read(ISR), 0u);
    high(17);
    EXPECT_EQ(read(ISR), 1u << 17);
    EXPECT_FALSE(line(1));
    write(IMR, 1u << 17);
    EXPECT_TRUE(line(1));
    EXPECT_FALSE(line(0));
}

TEST_F(Imx, a_level_status_stays_after_the_level_until_written) {
    write(ICR1, 0x1);
    write(ISR, 1);
    EXPECT_EQ(read(ISR) & 1, 0u);
    high(0);
    write(ISR, 1);
    EXPECT_EQ(read(ISR) & 1, 1u);
    low(0);
    EXPECT_EQ(read(ISR) & 1, 1u);
    write(ISR, 1);
    EXPECT_EQ(read(ISR) & 1, 0u);
}

TEST_F(Imx, an_output_reads_its_latch_in_DR_and_0_in_PSR) {
    write(GDIR, 1);
    write(DR, 1);
    EXPECT_EQ(read(DR), 1u);
    EXPECT_EQ(read(PSR), 0u);
    make("imx", "sion");
    write(GDIR, 1);
    write(DR, 1);
    EXPECT_EQ(read(PSR), 1u);
}

TEST_F(Imx, a_high_input_that_becomes_an_output_falls_for_its_detector) {
    high(3);
    write(ICR1, 3u << 6);
    write(ISR, 8);
    EXPECT_EQ(read(ISR) & 8, 0u);
    drive(3, Drive::off);
    write(DR, 8);
    write(GDIR, 8);
    EXPECT_EQ(read(ISR) & 8, 8u);
}

TEST_F(Imx, EDGE_SEL_overrides_ICR) {
    write(EDGE_SEL, 1);
    write(ISR, 1);
    EXPECT_EQ(read(ISR) & 1, 0u);
    high(0);
    EXPECT_EQ(read(ISR) & 1, 1u);
}

TEST_F(Imx, the_RT_variant_sets_clears_and_toggles) {
    make("imx", "imxrt");
    write(GDIR, 0xF);
    write(0x84, 0x7);
    write(0x88, 0x1);
    write(0x8C, 0xC);
    EXPECT_EQ(read(DR), 0xAu);
}

TEST_F(Imx, the_imx21_variant_has_its_own_offsets_and_codes) {
    make("imx", "imx21");
    EXPECT_EQ(chip->register_name(0x34), "ISR");
    low(0);
    EXPECT_EQ(read(0x34), 0u) << "rising edges after reset";
    high(0);
    EXPECT_EQ(read(0x34), 1u);
}

class Stm32Exti : public ControllerTest {
  protected:
    enum : std::uint32_t { IMR = 0, RTSR = 8, FTSR = 0xC, SWIER = 0x10, PR = 0x14 };
    void SetUp() override { make("stm32exti"); }
};

TEST_F(Stm32Exti, edges_pend_also_while_masked) {
    low(6);
    write(RTSR, 1u << 6);
    high(6);
    EXPECT_EQ(read(PR), 1u << 6);
    EXPECT_FALSE(line(5));
    write(IMR, 1u << 6);
    EXPECT_TRUE(line(5));
    write(PR, 1u << 6);
    EXPECT_FALSE(line(5));
}

TEST_F(Stm32Exti, SWIER_pends_once_and_falls_with_PR) {
    write(SWIER, 1);
    EXPECT_EQ(read(PR), 1u);
    write(PR, 1);
    EXPECT_EQ(read(SWIER), 0u);
    EXPECT_EQ(read(PR), 0u);
    write(SWIER, 1);
    EXPECT_EQ(read(PR), 1u);
}

}  // namespace
}  // namespace gpioclx::hardware
