/*
 * The controllers that the sample's own fragment names: \_SB.I2C and \_SB.GPIO, of which it uses pin 1.
 */
DefinitionBlock ("spbtesttool.aml", "DSDT", 2, "GPIOCX", "SPBTEST", 0x00000001)
{
    Scope (\_SB)
    {
        Device (GPIO)
        {
            Name (_HID, "ARMH0061")
            Name (_UID, Zero)

            Name (_CRS, ResourceTemplate ()
            {
                Memory32Fixed (ReadWrite, 0x09030000, 0x00001000)
                Interrupt (ResourceConsumer, Level, ActiveHigh, Exclusive) { 39 }
            })
        }

        Device (I2C)
        {
            Name (_HID, "GXIC0001")
            Name (_UID, Zero)
        }
    }
}
