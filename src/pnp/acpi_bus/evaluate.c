/* Evaluation of control methods below a device. */
#include "acpi_bus.h"

#include <acpiioct.h>

#define MAX_METHOD_NAME 256

/* What is to be evaluated, out of whichever form of input buffer came. */
typedef struct _EVALUATION {
    CHAR Method[MAX_METHOD_NAME];
    ULONG ArgumentCount;
    const VOID* Arguments;
    ULONG ArgumentsLength;
    union {
        ACPI_METHOD_ARGUMENT Integer;
        UCHAR Bytes[MAX_METHOD_NAME + sizeof(ACPI_METHOD_ARGUMENT)];
    } Single; /* the one argument of the simple forms */
} EVALUATION, *PEVALUATION;

typedef struct _ASYNCHRONOUS_EVALUATION {
    PIO_WORKITEM WorkItem;
    PCHILD_EXTENSION Child;
    PIRP Irp;
} ASYNCHRONOUS_EVALUATION, *PASYNCHRONOUS_EVALUATION;

static VOID SetInteger(PEVALUATION Evaluation, ULONG64 Value, ULONG Size) {
    PACPI_METHOD_ARGUMENT argument = &Evaluation->Single.Integer;
    argument->Type = ACPI_METHOD_ARGUMENT_INTEGER;
    argument->DataLength = (USHORT)Size;
    RtlCopyMemory(argument->Data, &Value, Size);
    Evaluation->ArgumentCount = 1;
    Evaluation->Arguments = argument;
    Evaluation->ArgumentsLength = ACPI_METHOD_ARGUMENT_LENGTH(Size);
}

static NTSTATUS SetString(PEVALUATION Evaluation, const UCHAR* String, ULONG StringLength, ULONG Available) {
    PACPI_METHOD_ARGUMENT argument = &Evaluation->Single.Integer;
    if (StringLength > Available || StringLength > MAX_METHOD_NAME) {
        return STATUS_INVALID_PARAMETER;
    }
    argument->Type = ACPI_METHOD_ARGUMENT_STRING;
    argument->DataLength = (USHORT)StringLength;
    RtlCopyMemory(argument->Data, String, StringLength);
    Evaluation->ArgumentCount = 1;
    Evaluation->Arguments = argument;
    Evaluation->ArgumentsLength = ACPI_METHOD_ARGUMENT_LENGTH(StringLength);
    return STATUS_SUCCESS;
}

static NTSTATUS SetArguments(PEVALUATION Evaluation, ULONG Count, ULONG Size, const VOID* First, ULONG Available,
                             ULONG HeadLength) {
    /* Size counts the arguments; drivers also give the size of the whole buffer. */
    ULONG length = Size > Available ? Available : Size;
    if (Size > Available + HeadLength) {
        return STATUS_INVALID_PARAMETER;
    }
    Evaluation->ArgumentCount = Count;
    Evaluation->Arguments = First;
    Evaluation->ArgumentsLength = length;
    return STATUS_SUCCESS;
}

/* The four-character form. */
static NTSTATUS ParseInput(PEVALUATION Evaluation, const VOID* Input, ULONG Length) {
    const ACPI_EVAL_INPUT_BUFFER_COMPLEX* complex = Input;
    const ACPI_EVAL_INPUT_BUFFER_SIMPLE_INTEGER* integer = Input;
    const ACPI_EVAL_INPUT_BUFFER_SIMPLE_STRING* string = Input;
    const ULONG complex_head = offsetof(ACPI_EVAL_INPUT_BUFFER_COMPLEX, Argument);
    const ULONG string_head = offsetof(ACPI_EVAL_INPUT_BUFFER_SIMPLE_STRING, String);

    if (Length < sizeof(ACPI_EVAL_INPUT_BUFFER)) {
        return STATUS_INFO_LENGTH_MISMATCH;
    }
    RtlCopyMemory(Evaluation->Method, complex->MethodName, sizeof(complex->MethodName));
    switch (complex->Signature) {
        case ACPI_EVAL_INPUT_BUFFER_SIGNATURE:
            return STATUS_SUCCESS;
        case ACPI_EVAL_INPUT_BUFFER_SIMPLE_INTEGER_SIGNATURE:
            if (Length < sizeof(*integer)) {
                return STATUS_INFO_LENGTH_MISMATCH;
            }
            SetInteger(Evaluation, integer->IntegerArgument, sizeof(ULONG));
            return STATUS_SUCCESS;
        case ACPI_EVAL_INPUT_BUFFER_SIMPLE_STRING_SIGNATURE:
            if (Length < string_head) {
                return STATUS_INFO_LENGTH_MISMATCH;
            }
            return SetString(Evaluation, string->String, string->StringLength, Length - string_head);
        case ACPI_EVAL_INPUT_BUFFER_COMPLEX_SIGNATURE:
            if (Length < complex_head) {
                return STATUS_INFO_LENGTH_MISMATCH;
            }
            return SetArguments(Evaluation, complex->ArgumentCount, complex->Size, complex->Argument,
                                Length - complex_head, complex_head);
        default:
            return STATUS_INVALID_PARAMETER_1;
    }
}

/* The form with a path of up to 256 characters. */
static NTSTATUS ParseInputEx(PEVALUATION Evaluation, const VOID* Input, ULONG Length) {
    const ACPI_EVAL_INPUT_BUFFER_COMPLEX_EX* complex = Input;
    const ACPI_EVAL_INPUT_BUFFER_SIMPLE_INTEGER_EX* integer = Input;
    const ACPI_EVAL_INPUT_BUFFER_SIMPLE_STRING_EX* string = Input;
    const ULONG complex_head = offsetof(ACPI_EVAL_INPUT_BUFFER_COMPLEX_EX, Argument);
    const ULONG string_head = offsetof(ACPI_EVAL_INPUT_BUFFER_SIMPLE_STRING_EX, String);

    if (Length < sizeof(ACPI_EVAL_INPUT_BUFFER_EX)) {
        return STATUS_INFO_LENGTH_MISMATCH;
    }
    RtlCopyMemory(Evaluation->Method, complex->MethodName, MAX_METHOD_NAME - 1);
    switch (complex->Signature) {
        case ACPI_EVAL_INPUT_BUFFER_SIGNATURE_EX:
            return STATUS_SUCCESS;
        case ACPI_EVAL_INPUT_BUFFER_SIMPLE_INTEGER_SIGNATURE_EX:
            if (Length < sizeof(*integer)) {
                return STATUS_INFO_LENGTH_MISMATCH;
            }
            SetInteger(Evaluation, integer->IntegerArgument, sizeof(ULONG64));
            return STATUS_SUCCESS;
        case ACPI_EVAL_INPUT_BUFFER_SIMPLE_STRING_SIGNATURE_EX:
            if (Length < string_head) {
                return STATUS_INFO_LENGTH_MISMATCH;
            }
            return SetString(Evaluation, string->String, string->StringLength, Length - string_head);
        case ACPI_EVAL_INPUT_BUFFER_COMPLEX_SIGNATURE_EX:
            if (Length < complex_head) {
                return STATUS_INFO_LENGTH_MISMATCH;
            }
            return SetArguments(Evaluation, complex->ArgumentCount, complex->Size, complex->Argument,
                                Length - complex_head, complex_head);
        default:
            return STATUS_INVALID_PARAMETER_1;
    }
}

static NTSTATUS Evaluate(PCHILD_EXTENSION Child, PIRP Irp, BOOLEAN Extended) {
    PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);
    PVOID buffer = Irp->AssociatedIrp.SystemBuffer;
    ULONG input_length = stack->Parameters.DeviceIoControl.InputBufferLength;
    ULONG_PTR written = 0;
    NTSTATUS status;
    PEVALUATION evaluation = ExAllocatePool2(POOL_FLAG_PAGED, sizeof(EVALUATION), ACPI_BUS_TAG);
    if (evaluation == NULL) {
        return CompleteRequest(Irp, STATUS_INSUFFICIENT_RESOURCES, 0);
    }
    status = Extended ? ParseInputEx(evaluation, buffer, input_length)
                      : ParseInput(evaluation, buffer, input_length);
    if (NT_SUCCESS(status)) {
        status = GxAcpiEvaluate(Child->Common.Self, evaluation->Method, evaluation->ArgumentCount,
                                evaluation->Arguments, evaluation->ArgumentsLength, buffer,
                                stack->Parameters.DeviceIoControl.OutputBufferLength, &written);
    }
    ExFreePoolWithTag(evaluation, ACPI_BUS_TAG);
    return CompleteRequest(Irp, status, written);
}

static BOOLEAN IsExtended(PIRP Irp) {
    ULONG code = IoGetCurrentIrpStackLocation(Irp)->Parameters.DeviceIoControl.IoControlCode;
    return code == IOCTL_ACPI_EVAL_METHOD_EX || code == IOCTL_ACPI_ASYNC_EVAL_METHOD_EX;
}

static VOID EvaluateInWorker(PDEVICE_OBJECT DeviceObject, PVOID Context) {
    PASYNCHRONOUS_EVALUATION work = Context;
    PIRP irp = work->Irp;
    PCHILD_EXTENSION child = work->Child;
    UNREFERENCED_PARAMETER(DeviceObject);
    IoFreeWorkItem(work->WorkItem);
    ExFreePoolWithTag(work, ACPI_BUS_TAG);
    Evaluate(child, irp, IsExtended(irp));
}

static NTSTATUS EvaluateLater(PCHILD_EXTENSION Child, PIRP Irp) {
    PASYNCHRONOUS_EVALUATION work =
        ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(ASYNCHRONOUS_EVALUATION), ACPI_BUS_TAG);
    PIO_WORKITEM item = IoAllocateWorkItem(Child->Common.Self);
    if (work == NULL || item == NULL) {
        if (work != NULL) {
            ExFreePoolWithTag(work, ACPI_BUS_TAG);
        }
        if (item != NULL) {
            IoFreeWorkItem(item);
        }
        return CompleteRequest(Irp, STATUS_INSUFFICIENT_RESOURCES, 0);
    }
    work->WorkItem = item;
    work->Child = Child;
    work->Irp = Irp;
    IoMarkIrpPending(Irp);
    IoQueueWorkItem(item, EvaluateInWorker, DelayedWorkQueue, work);
    return STATUS_PENDING;
}

NTSTATUS EvaluateDeviceControl(PCHILD_EXTENSION Child, PIRP Irp) {
    switch (IoGetCurrentIrpStackLocation(Irp)->Parameters.DeviceIoControl.IoControlCode) {
        case IOCTL_ACPI_EVAL_METHOD:
        case IOCTL_ACPI_EVAL_METHOD_EX:
            /* Methods may wait, so these two are for PASSIVE_LEVEL. */
            if (KeGetCurrentIrql() > PASSIVE_LEVEL) {
                return CompleteRequest(Irp, STATUS_INVALID_DEVICE_REQUEST, 0);
            }
            return Evaluate(Child, Irp, IsExtended(Irp));
        case IOCTL_ACPI_ASYNC_EVAL_METHOD:
        case IOCTL_ACPI_ASYNC_EVAL_METHOD_EX:
            return EvaluateLater(Child, Irp);
        default:
            return CompleteRequest(Irp, STATUS_INVALID_DEVICE_REQUEST, 0);
    }
}
