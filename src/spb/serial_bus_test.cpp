// The driver of virtual serial buses, as peripheral drivers in kernel mode use it.
#include <ntifs.h>
#include <reshub.h>
#include <spb.h>

#include <cstdarg>
#include <cstring>
#include <string>

#include "pnp/pnp_test_fixture.h"

extern "C" NTSTATUS SerialBusDriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING registry_path);

namespace gpioclx::kernel {
namespace {

// What happens on the wires, in words: "S20w 01 02 P" is a start, address 0x20, write, two bytes,
// stop.
class RecordingBus final : public SerialBus {
  public:
    RecordingBus() { device = "\\_SB.I2C0"; }
    bool start(unsigned address, bool read) override {
        note("S%02x%c", address, read ? 'r' : 'w');
        return address == 0x20 || address == 0x21;
    }
    bool write(std::uint8_t byte) override {
        note("%02x", byte);
        return accepted == 0 ? false : (--accepted, true);
    }
    std::uint8_t read() override {
        note("r%02x", next);
        return next++;
    }
    void stop() override { note("P"); }
    void select(unsigned line) override { note("(%u", line); }
    std::uint8_t exchange(std::uint8_t byte) override {
        note("%02x", byte);
        return next++;
    }
    void deselect() override { note(")"); }

    __attribute__((format(printf, 2, 3))) void note(const char* format, ...) {
        char text[16];
        va_list arguments;
        va_start(arguments, format);
        std::vsnprintf(text, sizeof(text), format, arguments);
        va_end(arguments);
        machine::OutsideArenaScope outside;
        log += (log.empty() ? "" : " ") + std::string(text);
    }

    std::string log;
    unsigned accepted = 1000;  // bytes acknowledged before the chip declines
    std::uint8_t next = 0x10;
};

std::vector<std::uint8_t> i2c_descriptor(std::uint8_t address, bool shared = false) {
    return {0x8e, 0x0f, 0,       2, 0, 1,    static_cast<std::uint8_t>(shared ? 6 : 2),
            0,    0,    1,       6, 0, 0x80, 0x1a,
            0x06, 0,    address, 0};  // 400 kHz
}
std::vector<std::uint8_t> spi_descriptor(std::uint8_t line) {
    return {0x8e, 0x12, 0,    2,    0, 2, 2, 0, 0,    1, 9,
            0,    0x40, 0x42, 0x0f, 0, 8, 0, 0, line, 0};  // 1 MHz
}

NTSTATUS start_nothing(PDRIVER_OBJECT driver, PUNICODE_STRING) {
    driver->DriverExtension->AddDevice = [](PDRIVER_OBJECT, PDEVICE_OBJECT) {
        return STATUS_SUCCESS;
    };
    for (PDRIVER_DISPATCH& routine : driver->MajorFunction) {
        routine = [](PDEVICE_OBJECT, PIRP irp) {
            IoCompleteRequest(irp, IO_NO_INCREMENT);
            return STATUS_SUCCESS;
        };
    }
    return STATUS_SUCCESS;
}

// A handle to a connection, in a thread of the machine.
class Client {
  public:
    explicit Client(std::uint64_t id) {
        WCHAR text[RESOURCE_HUB_PATH_CHARS];
        char16_t* out = reinterpret_cast<char16_t*>(text);
        for (const char c : std::string_view("\\Device\\RESOURCE_HUB\\000000000000000")) *out++ = c;
        *out++ = static_cast<char16_t>('0' + id);
        UNICODE_STRING name{};
        name.Buffer = text;
        name.Length = static_cast<USHORT>((out - reinterpret_cast<char16_t*>(text)) * 2);
        name.MaximumLength = sizeof(text);
        OBJECT_ATTRIBUTES attributes;
        InitializeObjectAttributes(&attributes, &name, OBJ_KERNEL_HANDLE, nullptr, nullptr);
        status =
            ZwCreateFile(&handle_, GENERIC_READ | GENERIC_WRITE | SYNCHRONIZE, &attributes, &block_,
                         nullptr, 0, 0, FILE_OPEN, FILE_SYNCHRONOUS_IO_NONALERT, nullptr, 0);
    }
    ~Client() { close(); }
    void close() {
        if (NT_SUCCESS(status)) ZwClose(handle_);
        status = STATUS_UNSUCCESSFUL;
    }

    // The information of a request stays in `bytes`.
    NTSTATUS write(std::initializer_list<UCHAR> data) {
        return done(ZwWriteFile(handle_, nullptr, nullptr, nullptr, &block_,
                                const_cast<UCHAR*>(data.begin()), static_cast<ULONG>(data.size()),
                                nullptr, nullptr));
    }
    NTSTATUS read(UCHAR* buffer, ULONG length) {
        return done(ZwReadFile(handle_, nullptr, nullptr, nullptr, &block_, buffer, length, nullptr,
                               nullptr));
    }
    NTSTATUS control(ULONG code, void* input = nullptr, ULONG length = 0) {
        return done(ZwDeviceIoControlFile(handle_, nullptr, nullptr, nullptr, &block_, code, input,
                                          length, nullptr, 0));
    }

    NTSTATUS status = STATUS_UNSUCCESSFUL;
    ULONG_PTR bytes = 0;

  private:
    NTSTATUS done(NTSTATUS result) {
        bytes = block_.Information;
        return result;
    }
    HANDLE handle_ = nullptr;
    IO_STATUS_BLOCK block_{};
};

class SerialBusTest : public PnpTest {
  protected:
    enum Id : std::uint64_t { chip20 = 1, chip21, nobody, chip20_again, shared_a, shared_b, spi3 };

    void SetUp() override {
        firmware.add("\\_SB.I2C0", "BUS0001").compatible_ids = {"GX_SERIAL_BUS"};
        firmware.add("\\_SB.DEV", "DEV0001").needs = {"\\_SB.I2C0"};
        const auto connection = [](std::uint8_t type, std::vector<std::uint8_t> descriptor) {
            return SerialBusResource{
                .controller = "\\_SB.I2C0", .bus_type = type, .descriptor = descriptor};
        };
        firmware.assigned["\\_SB.DEV"] = {
            connection(1, i2c_descriptor(0x20)),       connection(1, i2c_descriptor(0x21)),
            connection(1, i2c_descriptor(0x33)),       connection(1, i2c_descriptor(0x20)),
            connection(1, i2c_descriptor(0x21, true)), connection(1, i2c_descriptor(0x21, true)),
            connection(2, spi_descriptor(3))};
        install("serialbus", "GX_SERIAL_BUS", SerialBusDriverEntry);
        install("nothing", "DEV0001", start_nothing);
        boot_with_bus();
    }

    void boot_with_bus() {
        machine::Machine& m = machine();
        options.drivers.push_back(bus);
        options.drivers.push_back(hub);
        {
            machine::ArenaScope inside;
            kernel = Kernel::create(m, firmware, options);
        }
        kernel->add_serial_bus(wires);
        kernel->start();
        run();
        ASSERT_TRUE(kernel->started());
        ASSERT_EQ(device("\\_SB.I2C0").state, "started") << device("\\_SB.I2C0").message;
    }

    template <std::size_t count>
    struct List {
        SPB_TRANSFER_LIST list;
        SPB_TRANSFER_LIST_ENTRY more[count - 1];
    };

    RecordingBus wires;
};

TEST_F(SerialBusTest, a_write_and_a_read_are_one_message_each) {
    run_as_thread([&] {
        Client chip(chip20);
        ASSERT_EQ(chip.status, STATUS_SUCCESS);
        EXPECT_EQ(chip.write({1, 2}), STATUS_SUCCESS);
        EXPECT_EQ(chip.bytes, 2u);
        UCHAR data[2] = {};
        EXPECT_EQ(chip.read(data, 2), STATUS_SUCCESS);
        EXPECT_EQ(data[1], 0x11);
    });
    EXPECT_EQ(wires.log, "S20w 01 02 P S20r r10 r11 P");
    EXPECT_TRUE(findings().empty()) << findings().front();
}

TEST_F(SerialBusTest, a_sequence_has_repeated_starts_and_takes_its_time_on_the_wire) {
    run_as_thread([&] {
        Client chip(chip20);
        UCHAR pointer = 5;
        UCHAR data[2] = {};
        List<2> sequence;
        SPB_TRANSFER_LIST_INIT(&sequence.list, 2);
        sequence.list.Transfers[0] =
            SPB_TRANSFER_LIST_ENTRY_INIT_SIMPLE(SpbTransferDirectionToDevice, 0, &pointer, 1);
        sequence.more[0] =
            SPB_TRANSFER_LIST_ENTRY_INIT_SIMPLE(SpbTransferDirectionFromDevice, 100, data, 2);
        const std::uint64_t before = machine().now_ns();
        EXPECT_EQ(chip.control(IOCTL_SPB_EXECUTE_SEQUENCE, &sequence, sizeof(sequence)),
                  STATUS_SUCCESS);
        EXPECT_EQ(chip.bytes, 3u);
        EXPECT_EQ(data[0], 0x10);
        // (1 + 9 + 9) + (1 + 9 + 18) + 1 bits of 2.5 us, and the delay.
        const std::uint64_t took = machine().now_ns() - before;
        EXPECT_GE(took, 100'000 + 48 * 2500u);
        EXPECT_LT(took, 100'000 + 48 * 2500u + 30'000);
    });
    EXPECT_EQ(wires.log, "S20w 05 S20r r10 r11 P");
}

TEST_F(SerialBusTest, buffer_lists_and_mdls_go_on_in_one_message) {
    run_as_thread([&] {
        Client chip(chip20);
        UCHAR one = 1, two[2] = {2, 3};
        SPB_TRANSFER_BUFFER_LIST_ENTRY pieces[] = {{&one, 1}, {two, 2}};
        auto* memory = static_cast<UCHAR*>(ExAllocatePool2(POOL_FLAG_NON_PAGED, 2, 0x74657374));
        memory[0] = 4;
        memory[1] = 5;
        PMDL mdl = IoAllocateMdl(memory, 2, FALSE, FALSE, nullptr);
        MmBuildMdlForNonPagedPool(mdl);
        List<2> sequence;
        SPB_TRANSFER_LIST_INIT(&sequence.list, 2);
        sequence.list.Transfers[0] =
            SPB_TRANSFER_LIST_ENTRY_INIT_BUFFER_LIST(SpbTransferDirectionToDevice, 0, pieces, 2);
        sequence.more[0] = SPB_TRANSFER_LIST_ENTRY_INIT_MDL(SpbTransferDirectionToDevice, 0, mdl);
        EXPECT_EQ(chip.control(IOCTL_SPB_EXECUTE_SEQUENCE, &sequence, sizeof(sequence)),
                  STATUS_SUCCESS);
        EXPECT_EQ(chip.bytes, 5u);
        IoFreeMdl(mdl);
        ExFreePool(memory);
    });
    EXPECT_EQ(wires.log, "S20w 01 02 03 S20w 04 05 P");
}

TEST_F(SerialBusTest, an_address_that_nobody_acknowledges_is_no_such_device) {
    run_as_thread([&] {
        Client missing(nobody);
        ASSERT_EQ(missing.status, STATUS_SUCCESS);
        EXPECT_EQ(missing.write({1}), STATUS_NO_SUCH_DEVICE);
        EXPECT_EQ(missing.bytes, 0u);
    });
    EXPECT_EQ(wires.log, "S33w P");
}

TEST_F(SerialBusTest, a_declined_byte_ends_the_transfer_with_the_count_so_far) {
    wires.accepted = 2;
    run_as_thread([&] {
        Client chip(chip20);
        EXPECT_EQ(chip.write({1, 2, 3, 4}), STATUS_SUCCESS);
        EXPECT_EQ(chip.bytes, 2u);
    });
    EXPECT_EQ(wires.log, "S20w 01 02 03 P");
}

TEST_F(SerialBusTest, H12_a_chip_has_one_opener_unless_firmware_shares_it) {
    run_as_thread([&] {
        Client first(chip20);
        Client second(chip20_again);
        EXPECT_EQ(second.status, STATUS_SHARING_VIOLATION);
        first.close();
        Client third(chip20_again);
        EXPECT_EQ(third.status, STATUS_SUCCESS);
        Client a(shared_a), b(shared_b), exclusive(chip21);
        EXPECT_EQ(a.status, STATUS_SUCCESS);
        EXPECT_EQ(b.status, STATUS_SUCCESS);
        EXPECT_EQ(exclusive.status, STATUS_SHARING_VIOLATION);
    });
}

TEST_F(SerialBusTest, H12_user_mode_cannot_open_a_connection) {
    EXPECT_EQ(open("\\Device\\RESOURCE_HUB\\0000000000000001").status,
              static_cast<std::uint32_t>(STATUS_ACCESS_DENIED));
}

TEST_F(SerialBusTest, the_controller_lock_keeps_others_off_and_the_chip_selected) {
    run_as_thread([&] {
        Client a(chip20), b(chip21);
        EXPECT_EQ(a.control(IOCTL_SPB_LOCK_CONTROLLER), STATUS_SUCCESS);
        thread("other", [&b] { EXPECT_EQ(b.write({9}), STATUS_SUCCESS); });
        EXPECT_EQ(a.write({1}), STATUS_SUCCESS);
        LARGE_INTEGER pause{};
        pause.QuadPart = -10'000;  // 1 ms: the other one waits
        KeDelayExecutionThread(KernelMode, FALSE, &pause);
        EXPECT_EQ(a.write({2}), STATUS_SUCCESS);
        EXPECT_EQ(a.control(IOCTL_SPB_UNLOCK_CONTROLLER), STATUS_SUCCESS);
        KeDelayExecutionThread(KernelMode, FALSE, &pause);
    });
    EXPECT_EQ(wires.log, "S20w 01 S20w 02 P S21w 09 P");
}

TEST_F(SerialBusTest, locks_are_not_nested_and_end_only_for_their_holder) {
    run_as_thread([&] {
        Client a(chip20), b(chip21);
        EXPECT_EQ(a.control(IOCTL_SPB_UNLOCK_CONTROLLER), STATUS_INVALID_DEVICE_REQUEST);
        EXPECT_EQ(a.control(IOCTL_SPB_LOCK_CONNECTION), STATUS_SUCCESS);
        EXPECT_EQ(a.control(IOCTL_SPB_LOCK_CONNECTION), STATUS_INVALID_DEVICE_REQUEST);
        EXPECT_EQ(a.control(IOCTL_SPB_LOCK_CONTROLLER), STATUS_SUCCESS);
        EXPECT_EQ(a.control(IOCTL_SPB_LOCK_CONTROLLER), STATUS_INVALID_DEVICE_REQUEST);
        EXPECT_EQ(a.control(IOCTL_SPB_UNLOCK_CONNECTION), STATUS_INVALID_DEVICE_REQUEST);
        UCHAR data = 0;
        SPB_TRANSFER_LIST one;
        SPB_TRANSFER_LIST_INIT(&one, 1);
        one.Transfers[0] =
            SPB_TRANSFER_LIST_ENTRY_INIT_SIMPLE(SpbTransferDirectionFromDevice, 0, &data, 1);
        EXPECT_EQ(a.control(IOCTL_SPB_EXECUTE_SEQUENCE, &one, sizeof(one)),
                  STATUS_INVALID_DEVICE_REQUEST);
        EXPECT_EQ(a.control(IOCTL_SPB_UNLOCK_CONTROLLER), STATUS_SUCCESS);
        EXPECT_EQ(a.control(IOCTL_SPB_UNLOCK_CONNECTION), STATUS_SUCCESS);
        EXPECT_EQ(b.control(IOCTL_SPB_UNLOCK_CONTROLLER), STATUS_INVALID_DEVICE_REQUEST);
    });
}

TEST_F(SerialBusTest, a_lock_ends_with_the_handle_that_holds_it) {
    run_as_thread([&] {
        Client a(chip20), b(chip21);
        EXPECT_EQ(a.control(IOCTL_SPB_LOCK_CONTROLLER), STATUS_SUCCESS);
        EXPECT_EQ(a.write({1}), STATUS_SUCCESS);
        a.close();
        EXPECT_EQ(b.write({2}), STATUS_SUCCESS);
    });
    EXPECT_EQ(wires.log, "S20w 01 P S21w 02 P");
}

TEST_F(SerialBusTest, a_connection_lock_keeps_only_its_own_chip) {
    run_as_thread([&] {
        Client a(shared_a), b(shared_b), other(chip20);
        EXPECT_EQ(a.control(IOCTL_SPB_LOCK_CONNECTION), STATUS_SUCCESS);
        thread("waits", [&b] { EXPECT_EQ(b.write({3}), STATUS_SUCCESS); });
        LARGE_INTEGER pause{};
        pause.QuadPart = -10'000;
        KeDelayExecutionThread(KernelMode, FALSE, &pause);
        EXPECT_EQ(other.write({1}), STATUS_SUCCESS);
        EXPECT_EQ(a.write({2}), STATUS_SUCCESS);
        EXPECT_EQ(a.control(IOCTL_SPB_UNLOCK_CONNECTION), STATUS_SUCCESS);
        KeDelayExecutionThread(KernelMode, FALSE, &pause);
    });
    EXPECT_EQ(wires.log, "S20w 01 P S21w 02 P S21w 03 P");
}

TEST_F(SerialBusTest, full_duplex_sends_and_receives_at_once) {
    run_as_thread([&] {
        Client chip(spi3), i2c(chip20);
        ASSERT_EQ(chip.status, STATUS_SUCCESS);
        UCHAR out[3] = {1, 2, 3}, in[2] = {};
        List<2> both;
        SPB_TRANSFER_LIST_INIT(&both.list, 2);
        both.list.Transfers[0] =
            SPB_TRANSFER_LIST_ENTRY_INIT_SIMPLE(SpbTransferDirectionToDevice, 0, out, 3);
        both.more[0] =
            SPB_TRANSFER_LIST_ENTRY_INIT_SIMPLE(SpbTransferDirectionFromDevice, 0, in, 2);
        EXPECT_EQ(chip.control(IOCTL_SPB_FULL_DUPLEX, &both, sizeof(both)), STATUS_SUCCESS);
        EXPECT_EQ(chip.bytes, 5u);
        EXPECT_EQ(in[1], 0x11);
        EXPECT_EQ(i2c.control(IOCTL_SPB_FULL_DUPLEX, &both, sizeof(both)), STATUS_NOT_SUPPORTED);
        both.more[0].DelayInUs = 1;
        EXPECT_EQ(chip.control(IOCTL_SPB_FULL_DUPLEX, &both, sizeof(both)),
                  STATUS_INVALID_PARAMETER);
    });
    EXPECT_EQ(wires.log, "(3 01 02 03 )");
}

TEST_F(SerialBusTest, lists_that_say_nothing_sensible_are_refused) {
    run_as_thread([&] {
        Client chip(chip20);
        UCHAR data = 0;
        SPB_TRANSFER_LIST one;
        const auto send = [&](auto change, ULONG length = sizeof(SPB_TRANSFER_LIST)) {
            SPB_TRANSFER_LIST_INIT(&one, 1);
            one.Transfers[0] =
                SPB_TRANSFER_LIST_ENTRY_INIT_SIMPLE(SpbTransferDirectionToDevice, 0, &data, 1);
            change(one);
            return chip.control(IOCTL_SPB_EXECUTE_SEQUENCE, &one, length);
        };
        EXPECT_EQ(send([](auto& list) { list.TransferCount = 0; }), STATUS_INVALID_PARAMETER);
        EXPECT_EQ(send([](auto& list) { list.TransferCount = 2; }), STATUS_INVALID_PARAMETER);
        EXPECT_EQ(send([](auto& list) { list.Size = 1; }), STATUS_INVALID_PARAMETER);
        EXPECT_EQ(send([](auto&) {}, 8), STATUS_INVALID_PARAMETER);
        EXPECT_EQ(send([](auto& list) { list.Transfers[0].Buffer.Simple.Buffer = nullptr; }),
                  STATUS_INVALID_PARAMETER);
        EXPECT_EQ(send([](auto& list) { list.Transfers[0].Buffer.Simple.BufferCb = 0; }),
                  STATUS_INVALID_PARAMETER);
        EXPECT_EQ(send([](auto& list) { list.Transfers[0].Direction = SpbTransferDirectionNone; }),
                  STATUS_INVALID_PARAMETER);
        EXPECT_EQ(chip.control(0x12345678), STATUS_NOT_SUPPORTED);
    });
    EXPECT_EQ(wires.log, "");
}

TEST_F(SerialBusTest, a_cancelled_transfer_ends_after_the_byte_on_the_wire) {
    run_as_thread([&] {
        PFILE_OBJECT file = nullptr;
        PDEVICE_OBJECT target = nullptr;
        UNICODE_STRING name = RTL_CONSTANT_STRING(L"\\Device\\RESOURCE_HUB\\0000000000000001");
        ASSERT_EQ(IoGetDeviceObjectPointer(&name, GENERIC_WRITE, &file, &target), STATUS_SUCCESS);
        UCHAR data[100] = {};
        KEVENT done;
        IO_STATUS_BLOCK block{};
        LARGE_INTEGER offset{};
        KeInitializeEvent(&done, NotificationEvent, FALSE);
        PIRP irp = IoBuildSynchronousFsdRequest(IRP_MJ_WRITE, target, data, sizeof(data), &offset,
                                                &done, &block);
        IoGetNextIrpStackLocation(irp)->FileObject = file;
        EXPECT_EQ(IoCallDriver(target, irp), STATUS_PENDING);
        LARGE_INTEGER pause{};
        pause.QuadPart = -1000;  // 100 us: four bytes
        KeDelayExecutionThread(KernelMode, FALSE, &pause);
        EXPECT_TRUE(IoCancelIrp(irp));
        KeWaitForSingleObject(&done, Executive, KernelMode, FALSE, nullptr);
        EXPECT_EQ(block.Status, STATUS_CANCELLED);
        ObDereferenceObject(file);
    });
    EXPECT_TRUE(wires.log.starts_with("S20w 00 00")) << wires.log;
    EXPECT_TRUE(wires.log.ends_with(" P")) << wires.log;
    EXPECT_LT(wires.log.size(), 30u) << wires.log;
}

}  // namespace
}  // namespace gpioclx::kernel
