// Read by us and by acpiexec (acpiexec_test.cpp): both must decode \_SB.DEV0._CRS alike.
DefinitionBlock ("", "DSDT", 2, "GXTEST", "GPIO", 1) {
    Scope (\_SB) {
        Device (GPIO) { Name (_HID, "TEST0001") }
        Device (BUS0) { Name (_HID, "TEST0002") }
        Device (DEV0) {
            Name (_HID, "TEST0003")
            Name (_CRS, ResourceTemplate () {
                GpioInt (Edge, ActiveHigh, Shared, PullUp, 0, "\\_SB.GPIO", 0, ResourceConsumer, ,
                    RawDataBuffer () {1}) {1}
                GpioInt (Edge, ActiveBoth, ExclusiveAndWake, PullDown, 77, "\\_SB.GPIO") {0x1FF}
                GpioInt (Level, ActiveLow, SharedAndWake, PullNone, 1, "\\_SB.GPIO") {9}
                GpioInt (Level, ActiveHigh, Exclusive, PullDefault, 0xFFFF, "\\_SB.GPIO", 0, ResourceConsumer, ,
                    RawDataBuffer () {0xDE, 0xAD, 0xBE, 0xEF}) {0}
                GpioIo (Exclusive, PullUp, 0, 0, , "\\_SB.GPIO", 0, ResourceConsumer, , RawDataBuffer () {1}) {10}
                GpioIo (Shared, PullDefault, 3, 250, IoRestrictionInputOnly, "\\_SB.GPIO") {12, 11, 0x300}
                GpioIo (Shared, PullNone, 0, 0xFFFF, IoRestrictionOutputOnly, "\\_SB.GPIO") {65534}
                GpioIo (Shared, PullDown, 0, 0, IoRestrictionNoneAndPreserve, "\\_SB.GPIO") {0, 1, 2, 3, 4, 5, 6, 7}
            })
        }
    }
}
