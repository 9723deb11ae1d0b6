#include "query_set.h"

#include "input_only.h"

namespace gpioclx {
namespace {

// The member is 16 bits wide, the array of a controller with very many banks is longer.
USHORT as_size(SIZE_T bytes) { return static_cast<USHORT>(bytes > 0xFFFF ? 0xFFFF : bytes); }

}  // namespace

NTSTATUS query_set(Controller& controller, QuerySetInput& input, SIZE_T needed,
                   QuerySetOutput** output) {
    if (controller.packet().CLIENT_QuerySetControllerInformation == nullptr)
        return STATUS_NOT_SUPPORTED;
    input.Size = sizeof(input);
    input.Flags = 0;
    SIZE_T size = needed > sizeof(QuerySetOutput) ? needed : sizeof(QuerySetOutput);  // Q17
    const USHORT least = as_size(needed);
    NTSTATUS status = STATUS_BUFFER_TOO_SMALL;
    for (int attempt = 0; attempt < 2 && status == STATUS_BUFFER_TOO_SMALL; ++attempt) {  // Q18
        QuerySetOutput* answer = static_cast<QuerySetOutput*>(allocate(size));
        if (answer == nullptr) return STATUS_INSUFFICIENT_RESOURCES;
        answer->Size = as_size(size);  // Q16
        const char* name = "CLIENT_QuerySetControllerInformation";
        InputOnly<QuerySetInput> given(input);
        status =
            call_setup(controller, name, controller.packet().CLIENT_QuerySetControllerInformation,
                       controller.context, &input, answer);
        if (!given.unchanged_but()) report_changed_parameters(controller, {name, no_bank, 0, 0});
        if (NT_SUCCESS(status) && (answer->Size < least || answer->Size > size)) {
            GxReportFinding("V29", controller.physical_device,
                            "CLIENT_QuerySetControllerInformation (request %d) says that it filled "
                            "%u bytes; %Iu are needed, %Iu were there",
                            input.RequestType, answer->Size, needed, size);
            status = STATUS_GPIO_CLIENT_INFORMATION_INVALID;
        }
        if (NT_SUCCESS(status)) {
            *output = answer;
            return status;
        }
        const SIZE_T wanted = answer->Size;
        release(answer);
        if (wanted <= size) break;
        size = wanted;
    }
    return status;
}

NTSTATUS query_bank_power(Controller& controller) {
    if (!controller.information.Flags.BankIdlePowerMgmtSupported) return STATUS_SUCCESS;
    for (USHORT i = 0; i < controller.bank_count; ++i) {
        QuerySetInput input = {};
        input.RequestType = QueryBankPowerInformation;
        input.BankPowerInformation.BankId = i;
        QuerySetOutput* output = nullptr;
        const NTSTATUS status = query_set(controller, input, 0, &output);
        if (status == STATUS_NOT_SUPPORTED) return STATUS_SUCCESS;  // Q19b
        if (!NT_SUCCESS(status)) return status;
        controller.banks[i].has_f1 = output->BankPowerInformation.F1StateSupported;
        controller.banks[i].f1 = output->BankPowerInformation.F1IdleStateParameters;
        release(output);
    }
    return STATUS_SUCCESS;
}

}  // namespace gpioclx
