// Read by us and by acpiexec (acpiexec_test.cpp): both must decode \_SB.DEV0._CRS alike.
DefinitionBlock ("", "DSDT", 2, "GXTEST", "PINS", 1) {
    Scope (\_SB) {
        Device (GPIO) { Name (_HID, "TEST0001") }
        Device (BUS0) { Name (_HID, "TEST0002") }
        Device (DEV0) {
            Name (_HID, "TEST0003")
            Name (_CRS, ResourceTemplate () {
                PinFunction (Exclusive, PullUp, 4, "\\_SB.GPIO", 0, ResourceConsumer, , RawDataBuffer () {7})
                    {2, 3}
                PinFunction (Shared, PullDefault, 0, "\\_SB.GPIO", 0) {40}
                MsftFunctionConfig (Exclusive, PullDown, 6, "\\_SB.GPIO", 0, ResourceConsumer, ) {5, 4}
                PinConfig (Exclusive, 1, 5, "\\_SB.GPIO", 0, ResourceConsumer, ) {10, 11}
                PinConfig (Shared, 0x82, 0xABCDEF, "\\_SB.GPIO", 0, ResourceConsumer, , RawDataBuffer () {1, 2})
                    {12}
                PinGroup ("group", ResourceProducer) {4, 5}
                PinGroup ("other", ResourceProducer, , RawDataBuffer () {3}) {6}
                PinGroupFunction (Exclusive, 6, "\\_SB.GPIO", 0, "group", ResourceConsumer)
                PinGroupFunction (Shared, 7, "\\_SB.GPIO", 0, "other", ResourceConsumer, , RawDataBuffer () {9})
                PinGroupConfig (Exclusive, 1, 5, "\\_SB.GPIO", 0, "group", ResourceConsumer)
            })
        }
    }
}
