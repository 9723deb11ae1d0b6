// Read by us and by acpiexec (acpiexec_test.cpp): both must decode \_SB.DEV0._CRS alike.
DefinitionBlock ("", "DSDT", 2, "GXTEST", "SERIAL_B", 1) {
    Scope (\_SB) {
        Device (GPIO) { Name (_HID, "TEST0001") }
        Device (BUS0) { Name (_HID, "TEST0002") }
        Device (DEV0) {
            Name (_HID, "TEST0003")
            Name (_CRS, ResourceTemplate () {
                I2cSerialBusV2 (0x50, ControllerInitiated, 400000, AddressingMode7Bit, "\\_SB.BUS0", 0,
                    ResourceConsumer, , Shared)
                I2cSerialBusV2 (0x250, ControllerInitiated, 100000, AddressingMode10Bit, "\\_SB.BUS0", 0,
                    ResourceConsumer, , Exclusive, RawDataBuffer () {9})
                SpiSerialBusV2 (1, PolarityHigh, ThreeWireMode, 16, ControllerInitiated, 8000000,
                    ClockPolarityHigh, ClockPhaseSecond, "\\_SB.BUS0", 0)
                SpiSerialBusV2 (0, PolarityLow, FourWireMode, 8, ControllerInitiated, 100000,
                    ClockPolarityLow, ClockPhaseFirst, "\\_SB.BUS0", 0, ResourceConsumer, , Exclusive,
                    RawDataBuffer () {1, 2, 3})
                UartSerialBusV2 (115200, DataBitsSeven, StopBitsTwo, 0xC0, LittleEndian, ParityTypeEven,
                    FlowControlHardware, 32, 16, "\\_SB.BUS0", 0)
                UartSerialBusV2 (9600, DataBitsNine, StopBitsOnePlusHalf, 0xFC, BigEndian, ParityTypeMark,
                    FlowControlXon, 1, 65535, "\\_SB.BUS0", 0)
                UartSerialBusV2 (300, DataBitsFive, StopBitsZero, 0, LittleEndian, ParityTypeNone,
                    FlowControlNone, 0, 0, "\\_SB.BUS0", 0)
            })
        }
    }
}
