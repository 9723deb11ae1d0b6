/*
 * A board that takes power away: both controllers lose their registers in D3, because their firmware
 * has _PS3. A push button on pin 3 of GPI0 wakes the system; an LED on pin 5 shows how often it was
 * pressed. Nobody uses GPI1.
 */
DefinitionBlock ("low_power.aml", "DSDT", 2, "GPIOCX", "LOWPOWER", 0x00000001)
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

            // The supply of the block is switched by the platform; there is nothing to do.
            Method (_PS0) {}
            Method (_PS3) {}
        }

        Device (GPI1)
        {
            Name (_HID, "ARMH0061")
            Name (_UID, One)

            Name (_CRS, ResourceTemplate ()
            {
                Memory32Fixed (ReadWrite, 0x09040000, 0x00001000)
                Interrupt (ResourceConsumer, Level, ActiveHigh, Exclusive) { 40 }
            })

            Method (_PS0) {}
            Method (_PS3) {}
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
                GpioInt (Edge, ActiveBoth, ExclusiveAndWake, PullUp, 0,
                         "\\_SB.GPI0", 0, ResourceConsumer) { 3 }
            })
        }
    }
}
