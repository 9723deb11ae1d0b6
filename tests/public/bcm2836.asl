/*
 * A board for the GPIO controller driver of ms-iot/bsp: the BCM2835 block with one interrupt for
 * each word of pins, an LED on pin 5 and a button to ground on pin 17.
 */
DefinitionBlock ("bcm2836.aml", "DSDT", 2, "GPIOCX", "BCM2836", 0x00000001)
{
    Scope (\_SB)
    {
        Device (GPI0)
        {
            Name (_HID, "BCM2845")
            Name (_UID, Zero)

            Name (_CRS, ResourceTemplate ()
            {
                Memory32Fixed (ReadWrite, 0x3F200000, 0x000000B4)
                Interrupt (ResourceConsumer, Level, ActiveHigh, Shared) { 49 }
                Interrupt (ResourceConsumer, Level, ActiveHigh, Shared) { 50 }
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

        // Two pins that can be a serial port's instead of GPIO pins (function 4 = ALT0).
        Device (UAR0)
        {
            Name (_HID, "GXUA0001")
            Name (_UID, Zero)

            Name (_CRS, ResourceTemplate ()
            {
                MsftFunctionConfig (Exclusive, PullNone, 4, "\\_SB.GPI0", 0,
                                    ResourceConsumer, ) { 14, 15 }
            })
        }

        // One edge only: a press is an interrupt, a release is none. The driver of the button
        // counts edges, so it toggles the LED with every other press.
        Device (BTN0)
        {
            Name (_HID, "GXBT0001")
            Name (_UID, Zero)
            Name (_DEP, Package () { \_SB.LED0 })

            Name (_CRS, ResourceTemplate ()
            {
                GpioInt (Edge, ActiveLow, Exclusive, PullUp, 0,
                         "\\_SB.GPI0", 0, ResourceConsumer) { 17 }
            })
        }
    }
}
