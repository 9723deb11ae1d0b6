// A device without hardware, for a driver that calls Win32.
DefinitionBlock ("win32.aml", "DSDT", 2, "GPIOCX", "WIN32", 0x00000001)
{
    Scope (\_SB)
    {
        Device (W32A)
        {
            Name (_HID, "GXUW0001")
            Name (_UID, Zero)
        }
    }
}
