// A PL061 whose driver is not a client of GpioClx.
DefinitionBlock ("direct.aml", "DSDT", 2, "GPIOCX", "DIRECT", 0x00000001)
{
    Scope (\_SB)
    {
        Device (GPI0)
        {
            Name (_HID, "GXDR0001")
            Name (_UID, Zero)

            Name (_CRS, ResourceTemplate ()
            {
                Memory32Fixed (ReadWrite, 0x09030000, 0x00001000)
                Interrupt (ResourceConsumer, Level, ActiveHigh, Exclusive) { 39 }
            })
        }
    }
}
