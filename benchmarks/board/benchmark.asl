/*
 * The board of the benchmarks: two controllers with 64 pins, and one peripheral that writes a single
 * pin of the first and all pins of the second, and takes the interrupt of a pin of the first.
 */
DefinitionBlock ("benchmark.aml", "DSDT", 2, "GPIOCX", "BENCHMRK", 0x00000001)
{
    Scope (\_SB)
    {
        Device (WID0)
        {
            Name (_HID, "GXWD0001")
            Name (_UID, Zero)

            Name (_CRS, ResourceTemplate ()
            {
                Memory32Fixed (ReadWrite, 0x09030000, 0x00000060)
                Interrupt (ResourceConsumer, Level, ActiveHigh, Exclusive) { 39 }
            })
        }

        Device (WID1)
        {
            Name (_HID, "GXWD0001")
            Name (_UID, One)

            Name (_CRS, ResourceTemplate ()
            {
                Memory32Fixed (ReadWrite, 0x09040000, 0x00000060)
                Interrupt (ResourceConsumer, Level, ActiveHigh, Exclusive) { 40 }
            })
        }

        Device (PIN0)
        {
            Name (_HID, "GXPL0001")
            Name (_UID, Zero)

            Name (_CRS, ResourceTemplate ()
            {
                GpioIo (Exclusive, PullNone, 0, 0, IoRestrictionOutputOnly,
                        "\\_SB.WID0", 0, ResourceConsumer) { 0 }
                GpioIo (Exclusive, PullNone, 0, 0, IoRestrictionOutputOnly,
                        "\\_SB.WID1", 0, ResourceConsumer)
                {
                     0,  1,  2,  3,  4,  5,  6,  7,  8,  9, 10, 11, 12, 13, 14, 15,
                    16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31,
                    32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47,
                    48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63
                }
                GpioInt (Edge, ActiveHigh, Exclusive, PullNone, 0,
                         "\\_SB.WID0", 0, ResourceConsumer) { 1 }
            })
        }
    }
}
