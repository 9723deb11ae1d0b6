#include "kernel/io/file_object.h"

#include <cstring>

#include "kernel/io/device_object.h"
#include "kernel/io/test_driver.h"
#include "kernel/kernel_test_fixture.h"

namespace gpioclx::kernel::io {
namespace {

class FileObjectTest : public KernelTest {
  protected:
    // Remembers the major functions that arrive.
    Dispatch note = [this](PDEVICE_OBJECT, PIRP irp) {
        PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(irp);
        log += std::to_string(stack->MajorFunction) + " ";
        if (stack->MajorFunction == IRP_MJ_CREATE) names_seen.push_back(narrow(to_u16(&stack->FileObject->FileName)));
        return complete(irp, STATUS_SUCCESS);
    };
    std::string log;
    std::vector<std::string> names_seen;
};

constexpr const char* open_and_close = "0 18 2 ";  // create, cleanup, close

TEST_F(FileObjectTest, create_cleanup_and_close_come_once_each) {
    run_as_thread([&] {
        TestDriver driver("led");
        driver.add_device(note, nullptr, "\\Device\\Led");
        OpenResult result;
        ASSERT_EQ(open_file(u"\\Device\\Led\\part", {}, result), STATUS_SUCCESS);
        ObReferenceObject(result.file);
        clean_up_file(result.file);
        clean_up_file(result.file);
        ObDereferenceObject(result.file);
        EXPECT_EQ(log, "0 18 ");  // somebody still refers to it
        ObDereferenceObject(result.file);
    });
    EXPECT_EQ(log, open_and_close);
    EXPECT_EQ(names_seen, std::vector<std::string>{"\\part"});
}

TEST_F(FileObjectTest, a_failed_create_has_neither_cleanup_nor_close) {
    run_as_thread([&] {
        TestDriver driver("led");
        Dispatch refuse = [&](PDEVICE_OBJECT, PIRP irp) {
            log += std::to_string(IoGetCurrentIrpStackLocation(irp)->MajorFunction) + " ";
            return complete(irp, STATUS_ACCESS_DENIED);
        };
        PDEVICE_OBJECT device = driver.add_device(refuse, nullptr, "\\Device\\Led");
        OpenResult result;
        EXPECT_EQ(open_file(u"\\Device\\Led", {}, result), STATUS_ACCESS_DENIED);
        EXPECT_EQ(device->ReferenceCount, 0);
    });
    EXPECT_EQ(log, "0 ");
}

TEST_F(FileObjectTest, H7_a_driver_can_send_the_open_elsewhere) {
    run_as_thread([&] {
        TestDriver driver("hub");
        Dispatch redirect = [](PDEVICE_OBJECT, PIRP irp) {
            PFILE_OBJECT file = IoGetCurrentIrpStackLocation(irp)->FileObject;
            ExFreePool(file->FileName.Buffer);
            file->FileName = unicode_copy(u"\\Device\\Target\\0005", 0x31323334);
            return complete(irp, STATUS_REPARSE);
        };
        driver.add_device(redirect, nullptr, "\\Device\\Hub");
        PDEVICE_OBJECT target = driver.add_device(note, nullptr, "\\Device\\Target");
        OpenResult result;
        ASSERT_EQ(open_file(u"\\Device\\Hub\\5", {}, result), STATUS_SUCCESS);
        EXPECT_EQ(result.file->DeviceObject, target);
        ObDereferenceObject(result.file);
    });
    EXPECT_EQ(names_seen, std::vector<std::string>{"\\0005"});
    EXPECT_EQ(log, open_and_close);
}

TEST_F(FileObjectTest, an_open_that_is_sent_in_a_circle_ends) {
    run_as_thread([&] {
        TestDriver driver("hub");
        Dispatch circle = [](PDEVICE_OBJECT, PIRP irp) {
            PFILE_OBJECT file = IoGetCurrentIrpStackLocation(irp)->FileObject;
            if (file->FileName.Buffer != nullptr) ExFreePool(file->FileName.Buffer);
            file->FileName = unicode_copy(u"\\Device\\Hub\\x", 0x31323334);
            return complete(irp, STATUS_REPARSE);
        };
        driver.add_device(circle, nullptr, "\\Device\\Hub");
        OpenResult result;
        EXPECT_EQ(open_file(u"\\Device\\Hub", {}, result), STATUS_OBJECT_NAME_INVALID);
    });
}

TEST_F(FileObjectTest, an_exclusive_device_is_open_once) {
    run_as_thread([&] {
        TestDriver driver("led");
        driver.add_device(note, nullptr, "\\Device\\Led", true);
        OpenResult first;
        OpenResult second;
        ASSERT_EQ(open_file(u"\\Device\\Led", {}, first), STATUS_SUCCESS);
        EXPECT_EQ(open_file(u"\\Device\\Led", {}, second), STATUS_ACCESS_DENIED);
        ObDereferenceObject(first.file);
        ASSERT_EQ(open_file(u"\\Device\\Led", {}, second), STATUS_SUCCESS);
        ObDereferenceObject(second.file);
    });
}

TEST_F(FileObjectTest, a_deleted_device_stays_until_its_last_file_is_closed) {
    run_as_thread([&] {
        TestDriver driver("led");
        PDEVICE_OBJECT device = driver.add_device(note, nullptr, "\\Device\\Led");
        OpenResult result;
        ASSERT_EQ(open_file(u"\\Device\\Led", {}, result), STATUS_SUCCESS);
        IoDeleteDevice(device);
        OpenResult again;
        EXPECT_EQ(open_file(u"\\Device\\Led", {}, again), STATUS_OBJECT_NAME_NOT_FOUND);
        ObDereferenceObject(result.file);
    });
    EXPECT_EQ(log, open_and_close);
    EXPECT_TRUE(findings().empty());
}

}  // namespace
}  // namespace gpioclx::kernel::io
