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
        if (stack->MajorFunction == IRP_MJ_CREATE)
            names_seen.push_back(narrow(to_u16(&stack->FileObject->FileName)));
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

TEST_F(FileObjectTest, a_handle_leads_to_the_file_and_the_file_to_the_top_of_its_stack) {
    run_as_thread([&] {
        TestDriver driver("led");
        PDEVICE_OBJECT device = driver.add_device(note, nullptr, "\\Device\\Led");
        PDEVICE_OBJECT filter = driver.add_device(note, device);
        const std::u16string name = u"\\Device\\Led";
        UNICODE_STRING view = unicode_view(name);
        OBJECT_ATTRIBUTES attributes;
        InitializeObjectAttributes(&attributes, &view, OBJ_KERNEL_HANDLE, nullptr, nullptr);
        HANDLE handle = nullptr;
        IO_STATUS_BLOCK status_block{};
        ASSERT_EQ(ZwOpenFile(&handle, FILE_GENERIC_READ, &attributes, &status_block,
                             FILE_SHARE_READ, FILE_SYNCHRONOUS_IO_NONALERT),
                  STATUS_SUCCESS);
        PVOID body = nullptr;
        ASSERT_EQ(ObReferenceObjectByHandle(handle, FILE_READ_DATA, *IoFileObjectType, KernelMode,
                                            &body, nullptr),
                  STATUS_SUCCESS);
        auto file = static_cast<PFILE_OBJECT>(body);
        EXPECT_EQ(file->DeviceObject, device);
        EXPECT_EQ(IoGetRelatedDeviceObject(file), filter);
        ObDereferenceObject(file);
        EXPECT_EQ(
            ObReferenceObjectByHandle(handle, 0, *ExEventObjectType, KernelMode, &body, nullptr),
            STATUS_OBJECT_TYPE_MISMATCH);
        ZwClose(handle);
    });
}

TEST_F(FileObjectTest, the_position_is_the_files_and_the_rest_is_the_drivers_to_tell) {
    run_as_thread([&] {
        TestDriver driver("disk");
        Dispatch answer = [](PDEVICE_OBJECT, PIRP irp) {
            if (IoGetCurrentIrpStackLocation(irp)->MajorFunction != IRP_MJ_QUERY_INFORMATION)
                return complete(irp, STATUS_SUCCESS);
            const auto& query = IoGetCurrentIrpStackLocation(irp)->Parameters.QueryFile;
            if (query.FileInformationClass != FileStandardInformation)
                return complete(irp, STATUS_INVALID_PARAMETER);
            static_cast<FILE_STANDARD_INFORMATION*>(irp->AssociatedIrp.SystemBuffer)
                ->EndOfFile.QuadPart = 77;
            return complete(irp, STATUS_SUCCESS, sizeof(FILE_STANDARD_INFORMATION));
        };
        driver.add_device(answer, nullptr, "\\Device\\Disk");
        const std::u16string name = u"\\Device\\Disk";
        UNICODE_STRING view = unicode_view(name);
        OBJECT_ATTRIBUTES attributes;
        InitializeObjectAttributes(&attributes, &view, OBJ_KERNEL_HANDLE, nullptr, nullptr);
        HANDLE handle = nullptr;
        IO_STATUS_BLOCK status_block{};
        ASSERT_EQ(ZwOpenFile(&handle, FILE_GENERIC_READ, &attributes, &status_block, 0, 0),
                  STATUS_SUCCESS);
        FILE_POSITION_INFORMATION position{};
        position.CurrentByteOffset.QuadPart = 5;
        EXPECT_EQ(ZwSetInformationFile(handle, &status_block, &position, sizeof position,
                                       FilePositionInformation),
                  STATUS_SUCCESS);
        position.CurrentByteOffset.QuadPart = 0;
        EXPECT_EQ(ZwQueryInformationFile(handle, &status_block, &position, sizeof position,
                                         FilePositionInformation),
                  STATUS_SUCCESS);
        EXPECT_EQ(position.CurrentByteOffset.QuadPart, 5);
        EXPECT_EQ(
            ZwQueryInformationFile(handle, &status_block, &position, 4, FilePositionInformation),
            STATUS_INFO_LENGTH_MISMATCH);
        FILE_STANDARD_INFORMATION standard{};
        EXPECT_EQ(ZwQueryInformationFile(handle, &status_block, &standard, sizeof standard,
                                         FileStandardInformation),
                  STATUS_SUCCESS);
        EXPECT_EQ(standard.EndOfFile.QuadPart, 77);
        EXPECT_EQ(status_block.Information, sizeof standard);
        ZwClose(handle);
        EXPECT_EQ(ZwQueryInformationFile(handle, &status_block, &standard, sizeof standard,
                                         FileStandardInformation),
                  STATUS_INVALID_HANDLE);
    });
}

}  // namespace
}  // namespace gpioclx::kernel::io
