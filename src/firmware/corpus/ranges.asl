// Read by us and by acpiexec (acpiexec_test.cpp): both must decode \_SB.DEV0._CRS alike.
DefinitionBlock ("", "DSDT", 2, "GXTEST", "RANGES", 1) {
    Scope (\_SB) {
        Device (GPIO) { Name (_HID, "TEST0001") }
        Device (BUS0) { Name (_HID, "TEST0002") }
        Device (DEV0) {
            Name (_HID, "TEST0003")
            Name (_CRS, ResourceTemplate () {
                Memory24 (ReadOnly, 0x1000, 0x101F, 1, 0x20)
                Memory32 (ReadWrite, 0x80000000, 0x80000FFF, 1, 0x1000)
                Memory32Fixed (ReadWrite, 0xFED80000, 0x400)
                Memory32Fixed (ReadOnly, 0x00200000, 0x70)
                WordIO (ResourceConsumer, MinFixed, MaxFixed, PosDecode, EntireRange, 0, 0x400, 0x47F, 0, 0x80)
                DWordIO (ResourceConsumer, MinFixed, MaxFixed, PosDecode, EntireRange, 0, 0x500, 0x50F, 0, 0x10)
                QWordIO (ResourceConsumer, MinFixed, MaxFixed, PosDecode, EntireRange, 0, 0x600, 0x603, 0, 4)
                DWordMemory (ResourceConsumer, PosDecode, MinFixed, MaxFixed, NonCacheable, ReadWrite,
                    0, 0x90000000, 0x90000FFF, 0, 0x1000)
                QWordMemory (ResourceConsumer, PosDecode, MinFixed, MaxFixed, NonCacheable, ReadOnly,
                    0, 0x100000000, 0x1000001FF, 0, 0x200)
                ExtendedMemory (ResourceConsumer, PosDecode, MinFixed, MaxFixed, NonCacheable, ReadWrite,
                    0, 0x200000000, 0x2000003FF, 0, 0x400)
                IO (Decode16, 0x3F8, 0x3F8, 1, 8)
                FixedIO (0x60, 1)
            })
        }
    }
}
