// Which interrupt resource serves which bank (I4-I9, Q20-Q25).
#include "client_call.h"
#include "query_set.h"
#include "storm.h"

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
    QuerySetInput input = {};
    input.RequestType = QueryBankInterruptBindingInformation;
    input.BankInterruptBinding.ResourcesTranslated = translated;
    input.BankInterruptBinding.ResourcesRaw = raw;
    input.BankInterruptBinding.TotalBanks = controller.bank_count;
    const SIZE_T size = controller.bank_count * sizeof(ULONG);
    QuerySetOutput* output = nullptr;
    const NTSTATUS status = query_set(
        controller, input,
        FIELD_OFFSET(QuerySetOutput, BankInterruptBinding.ResourceMapping) + size, &output);
    if (!NT_SUCCESS(status)) return status;
    RtlCopyMemory(mapping, output->BankInterruptBinding.ResourceMapping, size);
    release(output);
    return STATUS_SUCCESS;
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
    if (NT_SUCCESS(status)) primary_context(primary.interrupt)->primary = &primary;
    return status;
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
    KeInitializeDpc(&primary.progress_dpc, &note_progress, &primary);
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

NTSTATUS choose_mapping(Controller& controller, WDFCMRESLIST raw, WDFCMRESLIST translated,
                        ULONG* mapping) {
    for (ULONG i = 0; i < controller.bank_count; ++i) mapping[i] = unbound;
    if (!has_interrupts(controller.packet())) return STATUS_SUCCESS;
    const NTSTATUS status = bind_by_client(controller, raw, translated, mapping);
    if (status == STATUS_NOT_SUPPORTED) {
        bind_by_order(controller, translated, mapping);
        return STATUS_SUCCESS;
    }
    return NT_SUCCESS(status) ? check_mapping(controller, translated, mapping) : status;
}

NTSTATUS create_interrupts(Controller& controller, WDFCMRESLIST raw, WDFCMRESLIST translated) {
    NTSTATUS status = STATUS_SUCCESS;
    for (USHORT i = 0; NT_SUCCESS(status) && i < controller.primary_count; ++i)
        status = create_interrupt(controller, controller.primaries[i], raw, translated);
    return status;
}

}  // namespace

PrimaryInterrupt& primary_of(WDFOBJECT object) { return *primary_context(object)->primary; }

namespace {

void bind(Bank& bank, PrimaryInterrupt& primary) {
    bank.primary = &primary;
    Bank** last = &primary.first_bank;
    while (*last != nullptr) last = &(*last)->next_of_primary;
    *last = &bank;
}

}  // namespace

NTSTATUS bind_interrupts(Controller& controller, WDFCMRESLIST raw, WDFCMRESLIST translated) {
    ULONG* mapping = allocate_array<ULONG>(controller.bank_count);
    controller.primaries = allocate_array<PrimaryInterrupt>(controller.bank_count);
    if (mapping == nullptr || controller.primaries == nullptr) {
        release(mapping);
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    const NTSTATUS status = choose_mapping(controller, raw, translated, mapping);
    for (ULONG i = 0; NT_SUCCESS(status) && i < controller.bank_count; ++i) {
        if (mapping[i] == unbound) continue;
        const CM_PARTIAL_RESOURCE_DESCRIPTOR& resource =
            *WdfCmResourceListGetDescriptor(translated, mapping[i]);
        bind(controller.banks[i], primary_for(controller, mapping[i], resource));
    }
    release(mapping);
    set_bank_irqls(controller);
    return NT_SUCCESS(status) ? create_interrupts(controller, raw, translated) : status;
}

// What a run of the service routine left behind must not outlive it.
void unbind_interrupts(Controller& controller) {
    if (controller.primary_count > 0) {
        for (USHORT i = 0; i < controller.primary_count; ++i)
            KeRemoveQueueDpc(&controller.primaries[i].progress_dpc);
        KeFlushQueuedDpcs();
    }
    release(controller.primaries);
    controller.primaries = nullptr;
    controller.primary_count = 0;
}

// I3: the client was given the descriptors for information; each is connected once, by GpioClx.
void check_primaries(Controller& controller) {
    for (USHORT i = 0; i < controller.primary_count; ++i) {
        const PrimaryInterrupt& primary = controller.primaries[i];
        if (GxCountServiceRoutines(controller.physical_device, primary.vector) <= 1) continue;
        GxReportFinding("V30", controller.physical_device,
                        "the driver connected the primary interrupt %u itself; GpioClx does that",
                        primary.vector);
    }
}

}  // namespace gpioclx
