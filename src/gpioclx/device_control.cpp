// Files and requests on a controller's device: the I/O control codes of gpio.h (3, 7).
#include "bank_power.h"
#include "client_call.h"
#include "connection.h"
#include "idle.h"
#include "input_only.h"
#include "query_set.h"

namespace gpioclx {
namespace {

struct Answer {
    NTSTATUS status;
    ULONG_PTR information;
};

Answer read_pins(Connection& connection, WDFREQUEST request) {
    Controller& controller = *connection.controller;
    if (controller.packet().CLIENT_ReadGpioPins == nullptr)
        return {STATUS_NOT_SUPPORTED, 0};  // G10
    if (connection.mode == ConnectModeOutput && controller.strict_read_of_outputs) {
        return {STATUS_GPIO_OPERATION_DENIED, 0};  // G8
    }
    void* buffer = nullptr;
    const ULONG size = buffer_size(connection);
    NTSTATUS status = WdfRequestRetrieveOutputBuffer(request, size, &buffer, nullptr);
    if (!NT_SUCCESS(status)) return {STATUS_BUFFER_TOO_SMALL, 0};  // G4
    status = read_connection(connection, static_cast<UCHAR*>(buffer));
    return {status, NT_SUCCESS(status) ? size : 0};  // G5, G7
}

Answer write_pins(Connection& connection, WDFREQUEST request, size_t output_length) {
    if (connection.mode == ConnectModeInput) return {STATUS_GPIO_OPERATION_DENIED, 0};  // G17
    void* buffer = nullptr;
    const ULONG size = buffer_size(connection);
    NTSTATUS status = WdfRequestRetrieveInputBuffer(request, size, &buffer, nullptr);
    if (!NT_SUCCESS(status)) return {STATUS_BUFFER_TOO_SMALL, 0};  // G13
    status = write_connection(connection, static_cast<const UCHAR*>(buffer));
    if (!NT_SUCCESS(status)) return {status, 0};  // G18
    // G14, G15: the output buffer repeats the input, as far as there is one.
    return {status, output_length < size ? output_length : size};
}

// The buffers of a controller-specific function. METHOD_BUFFERED: input and output are the same
// memory, unless the bench wants to see whether the client relies on that (G24).
class FunctionBuffers {
  public:
    FunctionBuffers(const Controller& controller, WDFREQUEST request, size_t input_length,
                    size_t output_length)
        : output_length_(output_length) {
        if (input_length > 0) WdfRequestRetrieveInputBuffer(request, 1, &input, nullptr);
        if (output_length > 0) WdfRequestRetrieveOutputBuffer(request, 1, &output, nullptr);
        if (!controller.distinct_buffers || input == nullptr || output == nullptr) return;
        system_buffer_ = output;
        output = allocate(output_length);
    }
    ~FunctionBuffers() {
        if (system_buffer_ != nullptr) release(output);
    }
    FunctionBuffers(const FunctionBuffers&) = delete;
    FunctionBuffers& operator=(const FunctionBuffers&) = delete;

    bool complete() const { return output != nullptr || output_length_ == 0; }
    void give_back(size_t written) {
        if (system_buffer_ != nullptr) RtlCopyMemory(system_buffer_, output, written);
    }

    void* input = nullptr;  // a buffer of length 0 is NULL
    void* output = nullptr;

  private:
    size_t output_length_;
    void* system_buffer_ = nullptr;
};

// The banks that a controller-specific function needs in F0 (Q26-Q28): those that the client names,
// else all.
class FunctionBanks {
  public:
    FunctionBanks(Controller& controller, const FunctionBuffers& buffers, size_t input_length,
                  size_t output_length)
        : controller_(controller) {
        if (controller.power == nullptr) return;
        QuerySetInput input = {};
        input.RequestType = QueryControllerFunctionBankMappingInformation;
        input.ControllerFunctionBankMapping.InputBuffer = buffers.input;
        input.ControllerFunctionBankMapping.InputBufferSize = input_length;
        input.ControllerFunctionBankMapping.OutputBufferSize = output_length;
        input.ControllerFunctionBankMapping.TotalBanks = controller.bank_count;
        const SIZE_T needed = FIELD_OFFSET(QuerySetOutput, ControllerFunctionBankMapping.Mapping) +
                              controller.bank_count * sizeof(BOOLEAN);
        if (!NT_SUCCESS(query_set(controller, input, needed, &mapping_))) mapping_ = nullptr;
        for (USHORT i = 0; i < controller.bank_count; ++i) {
            if (is_needed(i)) hold_bank(controller.banks[i]);
        }
    }
    ~FunctionBanks() {
        if (controller_.power == nullptr) return;
        for (USHORT i = 0; i < controller_.bank_count; ++i) {
            if (is_needed(i)) let_bank_go(controller_.banks[i]);
        }
        if (mapping_ != nullptr) release(mapping_);
    }
    FunctionBanks(const FunctionBanks&) = delete;
    FunctionBanks& operator=(const FunctionBanks&) = delete;

  private:
    bool is_needed(USHORT bank) const {
        return mapping_ == nullptr ||
               mapping_->ControllerFunctionBankMapping.Mapping[bank] != FALSE;
    }
    Controller& controller_;
    QuerySetOutput* mapping_ = nullptr;
};

// L74-L77: the wait locks of all banks, in ascending order.
Answer controller_specific(Controller& controller, WDFREQUEST request, size_t output_length,
                           size_t input_length) {
    if (controller.packet().CLIENT_ControllerSpecificFunction == nullptr)
        return {STATUS_NOT_IMPLEMENTED, 0};  // G21
    FunctionBuffers buffers(controller, request, input_length, output_length);
    if (!buffers.complete()) return {STATUS_INSUFFICIENT_RESOURCES, 0};
    GPIO_CLIENT_CONTROLLER_SPECIFIC_FUNCTION_PARAMETERS parameters = {};
    parameters.InputBuffer = buffers.input;
    parameters.OutputBuffer = buffers.output;
    parameters.InputBufferLength = input_length;
    parameters.OutputBufferLength = output_length;
    FunctionBanks banks(controller, buffers, input_length, output_length);
    for (USHORT i = 0; i < controller.bank_count; ++i) acquire_wait_lock(controller.banks[i]);
    const NTSTATUS status =
        call_with(controller, {"CLIENT_ControllerSpecificFunction", no_bank, 0, GX_HOLDS_WAIT_LOCK},
                  controller.packet().CLIENT_ControllerSpecificFunction, parameters,
                  &GPIO_CLIENT_CONTROLLER_SPECIFIC_FUNCTION_PARAMETERS::BytesWritten);
    for (USHORT i = controller.bank_count; i > 0; --i) release_wait_lock(controller.banks[i - 1]);
    if (!NT_SUCCESS(status)) return {status, 0};    // G22, G23
    if (parameters.BytesWritten > output_length) {  // G25
        GxReportFinding(
            "V27", controller.physical_device,
            "CLIENT_ControllerSpecificFunction reports %u bytes written into a buffer of %I64u",
            parameters.BytesWritten, static_cast<ULONG64>(output_length));
        parameters.BytesWritten = static_cast<ULONG>(output_length);
    }
    buffers.give_back(parameters.BytesWritten);
    return {status, parameters.BytesWritten};
}

// What a connection for I/O, and one for an alternate function, can be asked for (G26, C71).
Answer answer_io(Connection& connection, WDFREQUEST request, size_t output_length, ULONG code) {
    switch (code) {
        case IOCTL_GPIO_READ_PINS: return read_pins(connection, request);
        case IOCTL_GPIO_WRITE_PINS: return write_pins(connection, request, output_length);
        default: return {STATUS_INVALID_DEVICE_REQUEST, 0};
    }
}
Answer answer_function(Connection& connection, ULONG code) {
    if (code != IOCTL_GPIO_COMMIT_FUNCTION_CONFIG_PINS) return {STATUS_INVALID_DEVICE_REQUEST, 0};
    return {commit_function(connection), 0};
}

Answer answer(WDFQUEUE queue, WDFREQUEST request, size_t output_length, size_t input_length,
              ULONG code) {
    Controller& controller = *controller_of(WdfIoQueueGetDevice(queue));
    WDFFILEOBJECT file = WdfRequestGetFileObject(request);
    Connection* connection = file != nullptr ? connection_of(file) : nullptr;
    if (connection == nullptr) return {STATUS_INVALID_DEVICE_REQUEST, 0};
    InUse in_use(controller);
    if (connection->detached) return {STATUS_DEVICE_REMOVED, 0};  // C13
    if (connection->controller == nullptr) return {STATUS_INVALID_DEVICE_REQUEST, 0};
    if (!in_use) return {STATUS_DEVICE_NOT_READY, 0};
    if (code == IOCTL_GPIO_CONTROLLER_SPECIFIC_FUNCTION)  // Q32: of no particular pins
        return controller_specific(controller, request, output_length, input_length);
    return connection->reserves_function ? answer_function(*connection, code)
                                         : answer_io(*connection, request, output_length, code);
}

VOID evt_device_control(WDFQUEUE queue, WDFREQUEST request, size_t output_length,
                        size_t input_length, ULONG code) {
    const Answer result = answer(queue, request, output_length, input_length, code);
    WdfRequestCompleteWithInformation(request, result.status, result.information);
}

NTSTATUS open_in_d0(Controller& controller, const GX_GPIO_CONNECTION& resource, WDFREQUEST request,
                    Connection& connection) {
    InUse in_use(controller);
    if (!in_use) return STATUS_DEVICE_NOT_READY;  // C13
    WDF_REQUEST_PARAMETERS parameters;
    WDF_REQUEST_PARAMETERS_INIT(&parameters);
    WdfRequestGetParameters(request, &parameters);
    const ACCESS_MASK access = parameters.Parameters.Create.SecurityContext->DesiredAccess;
    return open_connection(controller, resource, access, connection);
}

NTSTATUS open_file(Controller& controller, WDFREQUEST request, WDFFILEOBJECT file) {
    ULONG64 id = 0;
    NTSTATUS status = GxConnectionIdFromFileName(WdfFileObjectGetFileName(file), &id);
    if (!NT_SUCCESS(status)) return STATUS_NOT_FOUND;
    const GX_GPIO_CONNECTION* resource = GxQueryGpioConnection(id);
    if (resource == nullptr || resource->Controller != controller.physical_device)
        return STATUS_NOT_FOUND;      // H8
    status = hold_power(controller);  // P22
    if (!NT_SUCCESS(status)) return STATUS_DEVICE_NOT_READY;
    status = open_in_d0(controller, *resource, request, *connection_of(file));
    if (NT_SUCCESS(status)) {
        connection_of(file)->holds_power = true;
    } else {
        let_power_go(controller);
    }
    return status;
}
VOID evt_file_create(WDFDEVICE device, WDFREQUEST request, WDFFILEOBJECT file) {
    WdfRequestComplete(request, open_file(*controller_of(device), request, file));
}

VOID evt_file_close(WDFFILEOBJECT file) {
    Controller& controller = *controller_of(WdfFileObjectGetDevice(file));
    Connection& connection = *connection_of(file);
    {
        InUse in_use(controller);
        close_connection(controller, connection, static_cast<bool>(in_use));
    }
    if (connection.holds_power) let_power_go(controller);
}

}  // namespace

void configure_files(PWDFDEVICE_INIT device_init) {
    WDF_FILEOBJECT_CONFIG config;
    WDF_FILEOBJECT_CONFIG_INIT(&config, &evt_file_create, &evt_file_close, WDF_NO_EVENT_CALLBACK);
    WDF_OBJECT_ATTRIBUTES attributes;
    WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, Connection);
    attributes.ExecutionLevel = WdfExecutionLevelPassive;
    WdfDeviceInitSetFileObjectConfig(device_init, &config, &attributes);
}

// Parallel: the wait lock of a bank puts its requests in order, those of others go on (G29, L50).
NTSTATUS create_queue(Controller& controller) {
    WDF_IO_QUEUE_CONFIG config;
    WDF_IO_QUEUE_CONFIG_INIT_DEFAULT_QUEUE(&config, WdfIoQueueDispatchParallel);
    config.EvtIoDeviceControl = &evt_device_control;
    config.PowerManaged = WdfFalse;  // peripherals use their pins on their own way down
    WDF_OBJECT_ATTRIBUTES attributes;
    WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
    attributes.ExecutionLevel = WdfExecutionLevelPassive;
    attributes.SynchronizationScope = WdfSynchronizationScopeNone;
    return WdfIoQueueCreate(controller.device, &config, &attributes, WDF_NO_HANDLE);
}

}  // namespace gpioclx
