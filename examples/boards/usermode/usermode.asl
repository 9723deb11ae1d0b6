/*
 * The board of pushbutton.asl with a second button (pin 1) and a lamp (pin 2), which a driver in user
 * mode serves. Both share one controller.
 */
DefinitionBlock ("usermode.aml", "DSDT", 2, "GPIOCX", "USERMODE", 0x00000001)
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

        Device (LED0)
        {
            Name (_HID, "GXLD0001")
            Name (_UID, Zero)

            Name (_CRS, ResourceTemplate ()
            {
                GpioIo (Exclusive, PullNone, 0, 0, IoRestrictionOutputOnly,
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
                GpioInt (Edge, ActiveBoth, Exclusive, PullUp, 0,
                         "\\_SB.GPI0", 0, ResourceConsumer) { 3 }
            })
        }

        Device (UBT0)
        {
            Name (_HID, "GXUB0001")
            Name (_UID, Zero)

            Name (_CRS, ResourceTemplate ()
            {
                GpioInt (Edge, ActiveBoth, Exclusive, PullUp, 0,
                         "\\_SB.GPI0", 0, ResourceConsumer) { 1 }
                GpioIo (Exclusive, PullNone, 0, 0, IoRestrictionOutputOnly,
                        "\\_SB.GPI0", 0, ResourceConsumer) { 2 }
            })
        }
    }
}
