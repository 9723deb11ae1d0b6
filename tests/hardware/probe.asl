// A BCM2835 whose driver is not a client of GpioClx.
DefinitionBlock ("probe.aml", "DSDT", 2, "GPIOCX", "PROBE", 0x00000001)
{
    Scope (\_SB)
    {
        Device (GPI0)
        {
            Name (_HID, "GXPR0001")
            Name (_UID, Zero)

            Name (_CRS, ResourceTemplate ()
            {
                Memory32Fixed (ReadWrite, 0x3F200000, 0x000000B4)
                Interrupt (ResourceConsumer, Level, ActiveHigh, Exclusive) { 49 }
            })
        }
    }
}
