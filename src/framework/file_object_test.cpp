// File objects: create, cleanup, close.
#include "framework/file_object.h"

#include "framework/framework_fixture.h"

namespace gpioclx::framework {
namespace {

struct FileContext {
    ULONG opened;
};
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(FileContext, get_file_context)

NTSTATUS create_status = STATUS_SUCCESS;

void file_create(WDFDEVICE device, WDFREQUEST request, WDFFILEOBJECT file) {
    GX_NOTE("create");
    EXPECT_EQ(WdfFileObjectGetDevice(file), device);
    EXPECT_EQ(WdfRequestGetFileObject(request), file);
    EXPECT_EQ(WdfFileObjectGetFileName(file)->Length, 8);
    get_file_context(file)->opened = 1;
    WdfRequestComplete(request, create_status);
}
void file_cleanup(WDFFILEOBJECT file) {
    GX_NOTE("cleanup");
    EXPECT_EQ(get_file_context(file)->opened, 1u);
}
void file_close(WDFFILEOBJECT) { GX_NOTE("close"); }

NTSTATUS device_add(WDFDRIVER, PWDFDEVICE_INIT init) {
    WDF_FILEOBJECT_CONFIG config;
    WDF_FILEOBJECT_CONFIG_INIT(&config, file_create, file_close, file_cleanup);
    WDF_OBJECT_ATTRIBUTES attributes;
    WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, FileContext);
    attributes.EvtDestroyCallback = [](WDFOBJECT) { GX_NOTE("destroyed"); };
    WdfDeviceInitSetFileObjectConfig(init, &config, &attributes);
    return WdfDeviceCreate(&init, nullptr, &FrameworkTest::current->device);
}

class FileObjectTest : public FrameworkTest {
  protected:
    Outcome file_request(UCHAR major, FILE_OBJECT* file) {
        PIRP irp = build_transfer(major, nullptr, 0);
        IoGetNextIrpStackLocation(irp)->FileObject = file;
        return send(irp);
    }
    void started(std::function<void(FILE_OBJECT*)> body) {
        create_status = STATUS_SUCCESS;
        run_as_thread([this, body] {
            ASSERT_EQ(load(device_add), STATUS_SUCCESS);
            ASSERT_EQ(start_device(), STATUS_SUCCESS);
            FILE_OBJECT file{};
            static WCHAR name[] = L"\\abc";
            RtlInitUnicodeString(&file.FileName, name);
            body(&file);
        });
    }
};

TEST_F(FileObjectTest, a_file_object_lives_from_create_to_close) {
    started([this](FILE_OBJECT* file) {
        EXPECT_EQ(file_request(IRP_MJ_CREATE, file).status, STATUS_SUCCESS);
        EXPECT_NE(WdfDeviceGetFileObject(device, file), nullptr);
        EXPECT_EQ(file_request(IRP_MJ_CLEANUP, file).status, STATUS_SUCCESS);
        EXPECT_EQ(file_request(IRP_MJ_CLOSE, file).status, STATUS_SUCCESS);
        EXPECT_EQ(trace.text(), "create cleanup close destroyed");
        EXPECT_EQ(WdfDeviceGetFileObject(device, file), nullptr);
    });
    EXPECT_TRUE(findings().empty());
}

TEST_F(FileObjectTest, a_refused_create_leaves_no_file_object) {
    started([this](FILE_OBJECT* file) {
        create_status = STATUS_ACCESS_DENIED;
        EXPECT_EQ(file_request(IRP_MJ_CREATE, file).status, STATUS_ACCESS_DENIED);
        EXPECT_EQ(trace.text(), "create destroyed");
        EXPECT_EQ(WdfDeviceGetFileObject(device, file), nullptr);
    });
}

}  // namespace
}  // namespace gpioclx::framework
