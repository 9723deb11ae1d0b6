/*
 * An ARM PL061 GPIO controller with a door's push button on pin 3, its lamp on pin 5 and its contact
 * on pin 4.
 *
 * Button and contact connect their pins to ground: the button while it is pressed, the contact while
 * the door is closed.
 */
DefinitionBlock ("doorlamp.aml", "DSDT", 2, "GPIOCX", "DOORLAMP", 0x00000001)
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

        Device (DOOR)
        {
            Name (_HID, "GXDL0001")
            Name (_UID, Zero)

            Name (_CRS, ResourceTemplate ()
            {
                GpioInt (Edge, ActiveBoth, Exclusive, PullUp, 0,
                         "\\_SB.GPI0", 0, ResourceConsumer) { 3 }
                GpioIo (Exclusive, PullNone, 0, 0, IoRestrictionOutputOnly,
                        "\\_SB.GPI0", 0, ResourceConsumer) { 5 }
                GpioIo (Exclusive, PullUp, 0, 0, IoRestrictionInputOnly,
                        "\\_SB.GPI0", 0, ResourceConsumer) { 4 }
            })
        }
    }
}
