/*
 * A push button at the SoC's own controller and an LED behind an I2C expander, which takes longer to switch than a finger takes
 * to press again:
 *
 *   button - GPI0 pin 3
 *   LED    - EXP1 pin 9 (PCA9555, 0x21), INT - GPI0 pin 4
 */
DefinitionBlock ("slow_led.aml", "DSDT", 2, "GPIOCX", "SLOWLED", 0x00000001)
{
    Scope (\_SB)
    {
        Device (GPI0)
        {
            Name (_HID, "ARMH0061")
            Name (_CRS, ResourceTemplate ()
            {
                Memory32Fixed (ReadWrite, 0x09030000, 0x00001000)
                Interrupt (ResourceConsumer, Level, ActiveHigh, Exclusive) { 39 }
            })
        }

        Device (I2C0)
        {
            Name (_HID, "GXIC0001")
        }

        Device (EXP1)
        {
            Name (_HID, "GXEX0002")
            Name (_CRS, ResourceTemplate ()
            {
                I2cSerialBusV2 (0x0021, ControllerInitiated, 20000, AddressingMode7Bit,
                                "\\_SB.I2C0", 0, ResourceConsumer, , Exclusive)
                GpioInt (Edge, ActiveLow, Exclusive, PullNone, 0,
                         "\\_SB.GPI0", 0, ResourceConsumer) { 4 }
            })
        }

        Device (LED0)
        {
            Name (_HID, "GXLD0001")
            Name (_CRS, ResourceTemplate ()
            {
                GpioIo (Exclusive, PullDefault, 0, 0, IoRestrictionOutputOnly,
                        "\\_SB.EXP1", 0, ResourceConsumer) { 9 }
            })
        }

        Device (BTN0)
        {
            Name (_HID, "GXBT0001")
            Name (_DEP, Package () { \_SB.LED0 })
            Name (_CRS, ResourceTemplate ()
            {
                GpioInt (Edge, ActiveBoth, Exclusive, PullUp, 0,
                         "\\_SB.GPI0", 0, ResourceConsumer) { 3 }
            })
        }
    }
}
