/*
 * A board with two I/O expanders behind I2C, chained to the SoC's own controller:
 *
 *   button - EXP0 pin 3 (MCP23017, 0x20), INTA - GPI0 pin 2   (level: INTA stays until it is asked)
 *   LED    - EXP1 pin 9 (PCA9555, 0x21),  INT  - GPI0 pin 4   (edge: INT may go away by itself)
 *   switch - EXP1 pin 0
 *
 * INTA and INT are open drain; the board pulls them up.
 */
DefinitionBlock ("expander.aml", "DSDT", 2, "GPIOCX", "EXPANDER", 0x00000001)
{
    Scope (\_SB)
    {
        Device (GPI0)
        {
            Name (_HID, "ARMH0061")
            Name (_UID, Zero)

            Name (_CRS, ResourceTemplate ()
            {
                Memory32Fixed (ReadWrite, 0x09030000, 0x00001000)
                Interrupt (ResourceConsumer, Level, ActiveHigh, Exclusive) { 39 }
            })
        }

        Device (I2C0)
        {
            Name (_HID, "GXIC0001")
            Name (_UID, Zero)
        }

        Device (EXP0)
        {
            Name (_HID, "GXEX0001")
            Name (_UID, Zero)

            Name (_CRS, ResourceTemplate ()
            {
                I2cSerialBusV2 (0x0020, ControllerInitiated, 400000, AddressingMode7Bit,
                                "\\_SB.I2C0", 0, ResourceConsumer, , Exclusive)
                GpioInt (Level, ActiveLow, Exclusive, PullNone, 0,
                         "\\_SB.GPI0", 0, ResourceConsumer) { 2 }
            })
        }

        Device (EXP1)
        {
            Name (_HID, "GXEX0002")
            Name (_UID, Zero)

            Name (_CRS, ResourceTemplate ()
            {
                I2cSerialBusV2 (0x0021, ControllerInitiated, 400000, AddressingMode7Bit,
                                "\\_SB.I2C0", 0, ResourceConsumer, , Exclusive)
                GpioInt (Edge, ActiveLow, Exclusive, PullNone, 0,
                         "\\_SB.GPI0", 0, ResourceConsumer) { 4 }
            })
        }

        Device (LED0)
        {
            Name (_HID, "GXLD0001")
            Name (_UID, Zero)

            Name (_CRS, ResourceTemplate ()
            {
                GpioIo (Exclusive, PullDefault, 0, 0, IoRestrictionOutputOnly,
                        "\\_SB.EXP1", 0, ResourceConsumer) { 9 }
            })
        }

        Device (BTN0)
        {
            Name (_HID, "GXBT0001")
            Name (_UID, Zero)

            // The button's driver opens the LED when it starts.
            Name (_DEP, Package () { \_SB.LED0 })

            Name (_CRS, ResourceTemplate ()
            {
                GpioInt (Edge, ActiveBoth, Exclusive, PullUp, 0,
                         "\\_SB.EXP0", 0, ResourceConsumer) { 3 }
            })
        }

        Device (BTN1)
        {
            Name (_HID, "GXBT0001")
            Name (_UID, One)
            Name (_DEP, Package () { \_SB.LED0 })

            Name (_CRS, ResourceTemplate ()
            {
                GpioInt (Edge, ActiveBoth, Exclusive, PullDefault, 0,
                         "\\_SB.EXP1", 0, ResourceConsumer) { 0 }
            })
        }
    }
}
