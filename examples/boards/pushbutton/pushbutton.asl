/*
 * A small board: an ARM PL061 GPIO controller, a push button on pin 3 and an LED on pin 5.
 *
 * The button connects its pin to ground while it is pressed; the pull-up makes the pin high while
 * it is not. The LED is lit while its pin is high.
 */
DefinitionBlock ("pushbutton.aml", "DSDT", 2, "GPIOCX", "PUSHBTN", 0x00000001)
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

            // The button's driver opens the LED when it starts.
            Name (_DEP, Package () { \_SB.LED0 })

            Name (_CRS, ResourceTemplate ()
            {
                GpioInt (Edge, ActiveBoth, Exclusive, PullUp, 0,
                         "\\_SB.GPI0", 0, ResourceConsumer) { 3 }
            })
        }
    }
}
