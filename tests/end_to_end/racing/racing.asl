/* The device of a driver that counts from two places without a lock. */
DefinitionBlock ("racing.aml", "DSDT", 2, "GPIOCX", "RACING", 0x00000001)
{
    Scope (\_SB)
    {
        Device (DEV0)
        {
            Name (_HID, "GXTS0001")
        }
    }
}
