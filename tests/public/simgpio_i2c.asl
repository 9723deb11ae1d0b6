/*
 * The sample controller behind I2C, as its comments describe it: 16 pins, one interrupt. A button is wired
 * to pin 3, an LED to pin 5, both of the first bank.
 */
DefinitionBlock ("simgpio_i2c.aml", "DSDT", 2, "GPIOCX", "SIMI2C", 0x00000001)
{
    Scope (\_SB)
    {
        Device (I2C0)
        {
            Name (_HID, "GXIC0001")
            Name (_UID, Zero)
        }

        Device (GPI0)
        {
            Name (_HID, "TEST0002")
            Name (_UID, Zero)

            Name (_CRS, ResourceTemplate ()
            {
                I2cSerialBusV2 (0x0050, ControllerInitiated, 400000, AddressingMode7Bit,
                                "\\_SB.I2C0", 0, ResourceConsumer, , Exclusive)
                Interrupt (ResourceConsumer, Level, ActiveHigh, Exclusive) { 40 }
            })
        }

        Device (LED0)
        {
            Name (_HID, "GXLD0001")
            Name (_UID, Zero)

            Name (_CRS, ResourceTemplate ()
            {
                GpioIo (Exclusive, PullDefault, 0, 0, IoRestrictionOutputOnly,
                        "\\_SB.GPI0", 0, ResourceConsumer) { 5 }
            })
        }

        Device (BTN0)
        {
            Name (_HID, "GXBT0001")
            Name (_UID, Zero)
            Name (_DEP, Package () { \_SB.LED0 })

            Name (_CRS, ResourceTemplate ()
            {
                GpioInt (Edge, ActiveBoth, Exclusive, PullDefault, 0,
                         "\\_SB.GPI0", 0, ResourceConsumer) { 3 }
            })
        }
    }
}
