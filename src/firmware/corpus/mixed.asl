// As real tables build them: a method that chooses and patches, names relative to the device, small
// descriptors beside large ones.
DefinitionBlock ("", "DSDT", 2, "GXTEST", "MIXED", 1) {
    Scope (\_SB) {
        Device (DEV0) {
            Name (_HID, "TEST0003")
            Device (GPIO) { Name (_HID, "TEST0001") }
            Name (SCND, ResourceTemplate () {
                GpioInt (Edge, ActiveBoth, Exclusive, PullUp, 10, "GPIO") {7}
                GpioIo (Exclusive, PullNone, 0, 0, IoRestrictionOutputOnly, "\\_SB.DEV0.GPIO") {8, 9}
                VendorShort () {0xAA}
                PinFunction (Exclusive, PullNone, 2, "\\_SB.DEV0.GPIO", 0) {1}
            })
            Method (_CRS, 0, Serialized) {
                Name (FRST, ResourceTemplate () {
                    Memory32Fixed (ReadWrite, 0, 0x1000, BASE)
                    IRQ (Level, ActiveLow, Shared) {5}
                })
                CreateDWordField (FRST, BASE._BAS, ADDR)
                ADDR = 0xFEDC0000
                Return (ConcatenateResTemplate (FRST, SCND))
            }
        }
    }
}
