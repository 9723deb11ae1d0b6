// Read by us and by acpiexec (acpiexec_test.cpp): both must decode \_SB.DEV0._CRS alike.
DefinitionBlock ("", "DSDT", 2, "GXTEST", "INTERRUP", 1) {
    Scope (\_SB) {
        Device (GPIO) { Name (_HID, "TEST0001") }
        Device (BUS0) { Name (_HID, "TEST0002") }
        Device (DEV0) {
            Name (_HID, "TEST0003")
            Name (_CRS, ResourceTemplate () {
                IRQ (Edge, ActiveLow, Shared) {5}
                IRQ (Level, ActiveLow, Exclusive) {7}
                IRQ (Edge, ActiveHigh, Exclusive) {3, 4}
                IRQNoFlags () {9}
                Interrupt (ResourceConsumer, Level, ActiveHigh, Shared) {50, 51, 52}
                Interrupt (ResourceConsumer, Edge, ActiveLow, ExclusiveAndWake) {0x1234}
                Interrupt (ResourceConsumer, Level, ActiveLow, SharedAndWake) {1023}
            })
        }
    }
}
