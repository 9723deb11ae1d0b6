// Read by us and by acpiexec (acpiexec_test.cpp): both must decode \_SB.DEV0._CRS alike.
DefinitionBlock ("", "DSDT", 2, "GXTEST", "UNUSED", 1) {
    Scope (\_SB) {
        Device (GPIO) { Name (_HID, "TEST0001") }
        Device (BUS0) { Name (_HID, "TEST0002") }
        Device (DEV0) {
            Name (_HID, "TEST0003")
            Name (_CRS, ResourceTemplate () {
                DMA (Compatibility, NotBusMaster, Transfer8) {2}
                FixedDMA (4, 2, Width32bit)
                VendorShort () {1, 2, 3}
                VendorLong () {1, 2, 3, 4, 5, 6, 7, 8}
                WordBusNumber (ResourceConsumer, MinFixed, MaxFixed, PosDecode, 0, 0, 0xFF, 0, 0x100)
                Register (SystemMemory, 32, 0, 0x1000, 3)
            })
        }
    }
}
