// Which interrupt resource serves which bank (I4-I9, Q20-Q25).
#include "client_call.h"

namespace gpioclx {
namespace {

struct PrimaryContext {
    PrimaryInterrupt* primary;
};

}  // namespace
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(PrimaryContext, primary_context)

namespace {

constexpr ULONG unbound = GPIO_BANK_INTERRUPT_BINDING_RESERVED_INDEX;

// I5, I6: in the order of the firmware; a single interrupt serves all banks.
void bind_by_order(const Controller& controller, WDFCMRESLIST translated, ULONG* mapping) {
    ULONG found = 0;
    const ULONG count = WdfCmResourceListGetCount(translated);
    for (ULONG i = 0; i < count; ++i) {
        if (WdfCmResourceListGetDescriptor(translated, i)->Type != CmResourceTypeInterrupt)
            continue;
        if (found < controller.bank_count) mapping[found] = i;
        ++found;
    }
    for (ULONG bank = 1; found == 1 && bank < controller.bank_count; ++bank)
        mapping[bank] = mapping[0];
}

// Asks the client. STATUS_NOT_SUPPORTED: it has no opinion (Q13, Q24).
NTSTATUS bind_by_client(Controller& controller, WDFCMRESLIST raw, WDFCMRESLIST translated,
                        ULONG* mapping) {
    if (controller.packet().CLIENT_QuerySetControllerInformation == nullptr)
        return STATUS_NOT_SUPPORTED;
    CLIENT_CONTROLLER_QUERY_SET_INFORMATION_INPUT input = {};
    input.RequestType = QueryBankInterruptBindingInformation;
    input.Size = sizeof(input);
    input.BankInterruptBinding.ResourcesTranslated = translated;
    input.BankInterruptBinding.ResourcesRaw = raw;
    input.BankInterruptBinding.TotalBanks = controller.bank_count;

    using Output = CLIENT_CONTROLLER_QUERY_SET_INFORMATION_OUTPUT;
    SIZE_T size = FIELD_OFFSET(Output, BankInterruptBinding.ResourceMapping) +
                  controller.bank_count * sizeof(ULONG);
    if (size < sizeof(Output)) size = sizeof(Output);  // Q17
    NTSTATUS status = STATUS_BUFFER_TOO_SMALL;
    for (int attempt = 0; attempt < 2 && status == STATUS_BUFFER_TOO_SMALL; ++attempt) {  // Q18
        Output* output = static_cast<Output*>(allocate(size));
        if (output == nullptr) return STATUS_INSUFFICIENT_RESOURCES;
        output->Size = static_cast<USHORT>(size);
        status = call_setup(controller, "CLIENT_QuerySetControllerInformation",
                            controller.packet().CLIENT_QuerySetControllerInformation,
                            controller.context, &input, output);
        if (NT_SUCCESS(status)) {
            RtlCopyMemory(mapping, output->BankInterruptBinding.ResourceMapping,
                          controller.bank_count * sizeof(ULONG));
        }
        if (output->Size > size) size = output->Size;
        release(output);
    }
    return status;
}

// Q21, Q22
NTSTATUS check_mapping(Controller& controller, WDFCMRESLIST translated, const ULONG* mapping) {
    for (ULONG bank = 0; bank < controller.bank_count; ++bank) {
        if (mapping[bank] == unbound) continue;
        PCM_PARTIAL_RESOURCE_DESCRIPTOR resource =
            mapping[bank] < WdfCmResourceListGetCount(translated)
                ? WdfCmResourceListGetDescriptor(translated, mapping[bank])
                : nullptr;
        if (resource != nullptr && resource->Type == CmResourceTypeInterrupt) continue;
        GxReportFinding("V29", controller.physical_device,
                        "bank %u is bound to resource %u, which is no interrupt", bank,
                        mapping[bank]);
        return STATUS_GPIO_CLIENT_INFORMATION_INVALID;
    }
    return STATUS_SUCCESS;
}

NTSTATUS create_interrupt(Controller& controller, PrimaryInterrupt& primary, WDFCMRESLIST raw,
                          WDFCMRESLIST translated) {
    WDF_INTERRUPT_CONFIG config;
    WDF_INTERRUPT_CONFIG_INIT(&config, &primary_isr, nullptr);
    config.InterruptRaw = WdfCmResourceListGetDescriptor(raw, primary.first_resource);
    config.InterruptTranslated = WdfCmResourceListGetDescriptor(translated, primary.first_resource);
    WDF_OBJECT_ATTRIBUTES attributes;
    WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, PrimaryContext);
    // A chained controller's primary is another controller's secondary behind a serial bus (1.6).
    config.PassiveHandling = primary.irql == PASSIVE_LEVEL;
    if (!controller.memory_mapped()) config.EvtInterruptWorkItem = &primary_worker;
    NTSTATUS status =
        WdfInterruptCreate(controller.device, &config, &attributes, &primary.interrupt);
    if (!NT_SUCCESS(status)) return status;
    primary_context(primary.interrupt)->primary = &primary;
    return STATUS_SUCCESS;
}

// One interrupt object per vector: banks that share one are serviced together (I8).
PrimaryInterrupt& primary_for(Controller& controller, ULONG resource,
                              const CM_PARTIAL_RESOURCE_DESCRIPTOR& descriptor) {
    for (USHORT i = 0; i < controller.primary_count; ++i) {
        if (controller.primaries[i].vector == descriptor.u.Interrupt.Vector)
            return controller.primaries[i];
    }
    PrimaryInterrupt& primary = controller.primaries[controller.primary_count++];
    primary.controller = &controller;
    primary.vector = descriptor.u.Interrupt.Vector;
    primary.irql = static_cast<KIRQL>(descriptor.u.Interrupt.Level);
    primary.mode = (descriptor.Flags & CM_RESOURCE_INTERRUPT_LATCHED) ? Latched : LevelSensitive;
    primary.first_resource = static_cast<USHORT>(resource);
    return primary;
}

// DIRQL of banks that have no interrupt: the highest of the controller's, or the lowest there is.
void set_bank_irqls(Controller& controller) {
    KIRQL highest = DISPATCH_LEVEL + 1;
    for (USHORT i = 0; i < controller.primary_count; ++i) {
        if (controller.primaries[i].irql > highest) highest = controller.primaries[i].irql;
    }
    for (USHORT i = 0; i < controller.bank_count; ++i) {
        Bank& bank = controller.banks[i];
        bank.interrupt_lock.irql = bank.primary != nullptr ? bank.primary->irql : highest;
    }
}

}  // namespace

PrimaryInterrupt& primary_of(WDFOBJECT object) {
    return *primary_context(object)->primary;
}

NTSTATUS bind_interrupts(Controller& controller, WDFCMRESLIST raw, WDFCMRESLIST translated) {
    ULONG* mapping = allocate_array<ULONG>(controller.bank_count);
    controller.primaries = allocate_array<PrimaryInterrupt>(controller.bank_count);
    if (mapping == nullptr || controller.primaries == nullptr) {
        release(mapping);
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    for (ULONG i = 0; i < controller.bank_count; ++i) mapping[i] = unbound;
    NTSTATUS status = STATUS_SUCCESS;
    if (has_interrupts(controller.packet())) {
        status = bind_by_client(controller, raw, translated, mapping);
        if (status == STATUS_NOT_SUPPORTED) {
            bind_by_order(controller, translated, mapping);
            status = STATUS_SUCCESS;
        }
        if (NT_SUCCESS(status)) status = check_mapping(controller, translated, mapping);
    }
    for (ULONG i = 0; NT_SUCCESS(status) && i < controller.bank_count; ++i) {
        if (mapping[i] == unbound) continue;
        const CM_PARTIAL_RESOURCE_DESCRIPTOR& resource =
            *WdfCmResourceListGetDescriptor(translated, mapping[i]);
        controller.banks[i].primary = &primary_for(controller, mapping[i], resource);
    }
    for (USHORT i = 0; NT_SUCCESS(status) && i < controller.primary_count; ++i) {
        status = create_interrupt(controller, controller.primaries[i], raw, translated);
    }
    set_bank_irqls(controller);
    release(mapping);
    return status;
}

}  // namespace gpioclx
