/*
 * A board whose firmware uses the GPIO controller itself: a power button and a lid switch are ACPI
 * events, and a lamp hangs on a pin that only AML moves.
 *
 * The button and the switch connect their pins to ground; pull-ups make them high otherwise. The lid is
 * open while its pin is high.
 */
DefinitionBlock ("acpi_events.aml", "DSDT", 2, "GPIOCX", "EVENTS", 0x00000001)
{
    Scope (\_SB)
    {
        Device (GPI0)
        {
            Name (_HID, "ARMH0061")
            Name (_UID, Zero)

            Name (_CRS, ResourceTemplate ()
            {
                Memory32Fixed (ReadWrite, 0x09030000, 0x00001000)
                Interrupt (ResourceConsumer, Level, ActiveHigh, Exclusive) { 39 }
            })

            // Pins that the firmware listens to.
            Name (_AEI, ResourceTemplate ()
            {
                GpioInt (Edge, ActiveLow, ExclusiveAndWake, PullUp, 0,
                         "\\_SB.GPI0", 0, ResourceConsumer) { 0 }
                GpioInt (Edge, ActiveBoth, ExclusiveAndWake, PullUp, 0,
                         "\\_SB.GPI0", 0, ResourceConsumer) { 1 }
            })

            // Pins that the firmware moves and reads.
            OperationRegion (PINS, GeneralPurposeIo, 0, 2)
            Field (PINS, ByteAcc, NoLock, Preserve)
            {
                Connection (GpioIo (Exclusive, PullNone, 0, 0, IoRestrictionOutputOnly,
                                    "\\_SB.GPI0", 0, ResourceConsumer) { 5 }),
                LAMP, 1,
                Connection (GpioIo (Exclusive, PullUp, 0, 0, IoRestrictionInputOnly,
                                    "\\_SB.GPI0", 0, ResourceConsumer) { 1 }),
                LIDP, 1
            }

            // Whether the fields can be used: GpioClx says so when the controller's driver runs.
            Name (AVBL, Zero)
            Method (_REG, 2, NotSerialized)
            {
                If (Arg0 == 0x08)
                {
                    AVBL = Arg1
                }
            }

            // The power button was pressed: switch the lamp, tell the driver.
            Name (LIT, Zero)
            Method (_E00, 0, Serialized)
            {
                LIT ^= One
                LAMP = LIT
                Notify (\_SB.PWRB, 0x80)
            }

            // The lid moved.
            Method (_E01, 0, NotSerialized)
            {
                Notify (\_SB.LID0, 0x80)
            }
        }

        Device (PWRB)
        {
            Name (_HID, "GXAB0001")
            Name (_UID, Zero)
        }

        Device (LID0)
        {
            Name (_HID, "GXAB0001")
            Name (_UID, One)

            // _LID reads a field.
            Name (_DEP, Package () { \_SB.GPI0 })

            Method (_LID, 0, NotSerialized)
            {
                If (\_SB.GPI0.AVBL == Zero)
                {
                    Return (One)
                }
                Return (\_SB.GPI0.LIDP)
            }
        }
    }
}
