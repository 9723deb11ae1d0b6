// The recording client: every callback writes itself down, then does what the test asked for, then
// works on the simulated pins.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "conformance_test.h"
#include "machine/arena.h"
#include "parameter_text.h"

namespace gpioclx::conformance {

// Friend of Controller.
class ClientCallbacks {
  public:
    static GPIO_CLIENT_REGISTRATION_PACKET packet() {
        GPIO_CLIENT_REGISTRATION_PACKET p = {};
        p.Version = GPIO_CLIENT_VERSION;
        p.Size = sizeof(p);
        p.ControllerContextSize = 64;
        p.CLIENT_PrepareController = &prepare;
        p.CLIENT_ReleaseController = &release;
        p.CLIENT_StartController = &start;
        p.CLIENT_StopController = &stop;
        p.CLIENT_QueryControllerBasicInformation = &basic_information;
        p.CLIENT_EnableInterrupt = &enable;
        p.CLIENT_DisableInterrupt = &disable;
        p.CLIENT_UnmaskInterrupt = &unmask;
        p.CLIENT_MaskInterrupts = &mask;
        p.CLIENT_QueryActiveInterrupts = &query_active;
        p.CLIENT_ClearActiveInterrupts = &clear;
        p.CLIENT_ConnectIoPins = &connect;
        p.CLIENT_DisconnectIoPins = &disconnect;
        p.CLIENT_ReadGpioPinsUsingMask = &read_mask;
        p.CLIENT_WriteGpioPinsUsingMask = &write_mask;
        p.CLIENT_SaveBankHardwareContext = &save;
        p.CLIENT_RestoreBankHardwareContext = &restore;
        p.CLIENT_ControllerSpecificFunction = &specific;
        p.CLIENT_ReconfigureInterrupt = &reconfigure;
        p.CLIENT_QueryEnabledInterrupts = &query_enabled;
        p.CLIENT_ConnectFunctionConfigPins = &connect_function;
        p.CLIENT_DisconnectFunctionConfigPins = &disconnect_function;
        return p;
    }
    static GPIO_CLIENT_PRE_PROCESS_CONTROLLER_INTERRUPT pre_process;
    static GPIO_CLIENT_QUERY_SET_CONTROLLER_INFORMATION query_set;
    static GPIO_CLIENT_READ_PINS read;
    static GPIO_CLIENT_WRITE_PINS write;

  private:
    // What a callback says about itself before it does anything. The text is made outside of the
    // machine's memory, so it may call nothing of the kernel.
    template <typename Describe, typename Work>
    static NTSTATUS call(void* context, Callback callback, ULONG bank, void* parameters,
                         Describe describe, Work work) {
        Controller* controller = ConformanceTest::current->controller_of_context(context);
        if (controller == nullptr) {
            ADD_FAILURE() << name_of(callback) << ": a context that no PrepareController was given";
            return STATUS_UNSUCCESSFUL;
        }
        return call(*controller, context, callback, bank, parameters, describe, work);
    }

    template <typename Describe, typename Work>
    static NTSTATUS call(Controller& controller, void* context, Callback callback, ULONG bank,
                         void* parameters, Describe describe, Work work) {
        Trace& trace = controller.test_.trace;
        const Place place = here(controller.path, bank);
        std::size_t index;
        {
            machine::OutsideArenaScope outside;
            Call entry;
            entry.callback = callback;
            entry.who = controller.short_name();
            entry.bank = bank;
            entry.context = context;
            entry.place = place;
            describe(entry);
            index = trace.enter(std::move(entry));
        }
        const NTSTATUS status = carry_out(controller, callback, parameters, work);
        trace.leave(index, status);
        return status;
    }

    template <typename Work>
    static NTSTATUS carry_out(Controller& controller, Callback callback, void* parameters,
                              Work work) {
        if (const auto replaced = controller.instead.find(callback);
            replaced != controller.instead.end()) {
            return replaced->second(parameters);
        }
        if (const auto hook = controller.during.find(callback); hook != controller.during.end())
            hook->second(parameters);
        if (const auto failure = controller.failures_.find(callback);
            failure != controller.failures_.end() && failure->second.times != 0) {
            if (failure->second.times > 0) --failure->second.times;
            fail_all_pins(callback, parameters);
            return failure->second.status;
        }
        const NTSTATUS status = work(controller);
        if (const auto hook = controller.after.find(callback); hook != controller.after.end())
            hook->second(parameters);
        return status;
    }

    // What goes with a failing status (V24).
    static void fail_all_pins(Callback callback, void* parameters) {
        if (callback == Callback::mask) {
            auto* p = static_cast<PGPIO_MASK_INTERRUPT_PARAMETERS>(parameters);
            p->FailedMask = p->PinMask;
        } else if (callback == Callback::clear) {
            auto* p = static_cast<PGPIO_CLEAR_ACTIVE_INTERRUPTS_PARAMETERS>(parameters);
            p->FailedClearMask = p->ClearActiveMask;
        }
    }

    static ULONG absolute(const Controller& controller, ULONG bank, ULONG pin) {
        return bank * controller.information.NumberOfPinsPerBank + pin;
    }
    template <typename Change>
    static void for_each_pin(const Controller& controller, ULONG bank, ULONG64 mask,
                             Change change) {
        for (; mask != 0; mask &= mask - 1)
            change(absolute(controller, bank, __builtin_ctzll(mask)));
    }

    // ---- setup ----
    static NTSTATUS prepare(WDFDEVICE device, PVOID context, WDFCMRESLIST raw,
                            WDFCMRESLIST translated) {
        ConformanceTest& test = *ConformanceTest::current;
        Controller* controller =
            test.controller_at(GxDevicePath(WdfDeviceWdmGetPhysicalDevice(device)));
        controller->context = context;
        controller->device = device;
        copy(raw, controller->raw);
        copy(translated, controller->translated);
        return call(
            *controller, context, Callback::prepare, no_bank, nullptr, [](Call&) {},
            [](Controller&) { return STATUS_SUCCESS; });
    }
    static void copy(WDFCMRESLIST list, std::vector<CM_PARTIAL_RESOURCE_DESCRIPTOR>& to) {
        const ULONG count = WdfCmResourceListGetCount(list);
        {
            machine::OutsideArenaScope outside;
            to.resize(count);
        }
        for (ULONG i = 0; i < count; ++i) to[i] = *WdfCmResourceListGetDescriptor(list, i);
    }
    static NTSTATUS release(WDFDEVICE, PVOID context) {
        return call(
            context, Callback::release, no_bank, nullptr, [](Call&) {},
            [](Controller&) { return STATUS_SUCCESS; });
    }
    static NTSTATUS start(PVOID context, BOOLEAN restore, WDF_POWER_DEVICE_STATE previous) {
        return call(
            context, Callback::start, no_bank, nullptr,
            [&](Call& c) {
                c.arguments = fmt::format("{}, {}", text_of(restore), text_of(previous));
            },
            [](Controller&) { return STATUS_SUCCESS; });
    }
    static NTSTATUS stop(PVOID context, BOOLEAN save, WDF_POWER_DEVICE_STATE target) {
        return call(
            context, Callback::stop, no_bank, nullptr,
            [&](Call& c) { c.arguments = fmt::format("{}, {}", text_of(save), text_of(target)); },
            [](Controller&) { return STATUS_SUCCESS; });
    }
    static NTSTATUS basic_information(PVOID context, PCLIENT_CONTROLLER_BASIC_INFORMATION given) {
        return call(
            context, Callback::basic_information, no_bank, given, [](Call&) {},
            [&](Controller& controller) {
                *given = controller.information;
                return STATUS_SUCCESS;
            });
    }

    // ---- interrupts ----
    static std::string describe(const GPIO_ENABLE_INTERRUPT_PARAMETERS& p) {
        return fmt::format("bank {} pin {}, {}, {}, pull {}, debounce {}", p.BankId, p.PinNumber,
                           text_of(p.InterruptMode), text_of(p.Polarity), p.PullConfiguration,
                           p.DebounceTimeout);
    }
    static NTSTATUS enable(PVOID context, PGPIO_ENABLE_INTERRUPT_PARAMETERS p) {
        return call(
            context, Callback::enable, p->BankId, p,
            [&](Call& c) {
                c.pin = p->PinNumber;
                c.arguments = describe(*p);
                add_vendor_data(c, p->VendorData, p->VendorDataLength);
            },
            [&](Controller& controller) {
                controller.pins.enable(absolute(controller, p->BankId, p->PinNumber),
                                       p->InterruptMode, p->Polarity);
                return STATUS_SUCCESS;
            });
    }
    static void add_vendor_data(Call& c, const void* data, ULONG length) {
        c.has_vendor_data = data != nullptr;
        const auto* bytes = static_cast<const UCHAR*>(data);
        if (data != nullptr) c.vendor_data.assign(bytes, bytes + length);
    }
    static NTSTATUS unmask(PVOID context, PGPIO_ENABLE_INTERRUPT_PARAMETERS p) {
        return call(
            context, Callback::unmask, p->BankId, p,
            [&](Call& c) {
                c.pin = p->PinNumber;
                c.arguments = describe(*p);
                add_vendor_data(c, p->VendorData, p->VendorDataLength);
            },
            [&](Controller& controller) {
                const ULONG pin = absolute(controller, p->BankId, p->PinNumber);
                controller.pins.set_masked(pin, false);
                return STATUS_SUCCESS;
            });
    }
    static NTSTATUS disable(PVOID context, PGPIO_DISABLE_INTERRUPT_PARAMETERS p) {
        return call(
            context, Callback::disable, p->BankId, p,
            [&](Call& c) {
                c.pin = p->PinNumber;
                c.arguments =
                    fmt::format("bank {} pin {}{}", p->BankId, p->PinNumber,
                                p->Flags.RetryDisableOnFailure ? ", RetryDisableOnFailure" : "");
            },
            [&](Controller& controller) {
                controller.pins.disable(absolute(controller, p->BankId, p->PinNumber));
                return STATUS_SUCCESS;
            });
    }
    static NTSTATUS mask(PVOID context, PGPIO_MASK_INTERRUPT_PARAMETERS p) {
        return call(
            context, Callback::mask, p->BankId, p,
            [&](Call& c) {
                c.mask = p->PinMask;
                c.arguments = fmt::format("bank {} mask {:x}", p->BankId, p->PinMask);
            },
            [&](Controller& controller) {
                for_each_pin(controller, p->BankId, p->PinMask,
                             [&](ULONG pin) { controller.pins.set_masked(pin, true); });
                p->FailedMask = 0;
                return STATUS_SUCCESS;
            });
    }
    static NTSTATUS query_active(PVOID context, PGPIO_QUERY_ACTIVE_INTERRUPTS_PARAMETERS p) {
        return call(
            context, Callback::query_active, p->BankId, p,
            [&](Call& c) {
                c.mask = p->EnabledMask;
                c.arguments = fmt::format("bank {} enabled {:x}", p->BankId, p->EnabledMask);
            },
            [&](Controller& controller) {
                p->ActiveMask = controller.pins.active(p->BankId) & p->EnabledMask;
                if (controller.information.Flags.ActiveInterruptsAutoClearOnRead) {
                    for_each_pin(controller, p->BankId, p->ActiveMask,
                                 [&](ULONG pin) { controller.pins.clear(pin); });
                }
                return STATUS_SUCCESS;
            });
    }
    static NTSTATUS clear(PVOID context, PGPIO_CLEAR_ACTIVE_INTERRUPTS_PARAMETERS p) {
        return call(
            context, Callback::clear, p->BankId, p,
            [&](Call& c) {
                c.mask = p->ClearActiveMask;
                c.arguments = fmt::format("bank {} mask {:x}", p->BankId, p->ClearActiveMask);
            },
            [&](Controller& controller) {
                for_each_pin(controller, p->BankId, p->ClearActiveMask,
                             [&](ULONG pin) { controller.pins.clear(pin); });
                p->FailedClearMask = 0;
                return STATUS_SUCCESS;
            });
    }
    static NTSTATUS query_enabled(PVOID context, PGPIO_QUERY_ENABLED_INTERRUPTS_PARAMETERS p) {
        return call(
            context, Callback::query_enabled, p->BankId, p,
            [&](Call& c) { c.arguments = fmt::format("bank {}", p->BankId); },
            [&](Controller& controller) {
                p->EnabledMask = controller.pins.enabled(p->BankId);
                return STATUS_SUCCESS;
            });
    }
    static NTSTATUS reconfigure(PVOID context, PGPIO_RECONFIGURE_INTERRUPTS_PARAMETERS p) {
        return call(
            context, Callback::reconfigure, p->BankId, p,
            [&](Call& c) {
                c.pin = p->PinNumber;
                c.arguments = fmt::format("bank {} pin {}, {}, {}", p->BankId, p->PinNumber,
                                          text_of(p->InterruptMode), text_of(p->Polarity));
            },
            [&](Controller& controller) {
                controller.pins.reconfigure(absolute(controller, p->BankId, p->PinNumber),
                                            p->InterruptMode, p->Polarity);
                return STATUS_SUCCESS;
            });
    }

    // ---- I/O ----
    static NTSTATUS connect(PVOID context, PGPIO_CONNECT_IO_PINS_PARAMETERS p) {
        return call(
            context, Callback::connect, p->BankId, p,
            [&](Call& c) {
                c.pins.assign(p->PinNumberTable, p->PinNumberTable + p->PinCount);
                c.arguments = fmt::format(
                    "bank {} pins {}, mode {}, pull {}, debounce {}, drive {}", p->BankId,
                    text_of(p->PinNumberTable, p->PinCount), static_cast<int>(p->ConnectMode),
                    p->PullConfiguration, p->DebounceTimeout, p->DriveStrength);
                add_vendor_data(c, p->VendorData, p->VendorDataLength);
            },
            [](Controller&) { return STATUS_SUCCESS; });
    }
    static NTSTATUS disconnect(PVOID context, PGPIO_DISCONNECT_IO_PINS_PARAMETERS p) {
        return call(
            context, Callback::disconnect, p->BankId, p,
            [&](Call& c) {
                c.pins.assign(p->PinNumberTable, p->PinNumberTable + p->PinCount);
                c.arguments = fmt::format(
                    "bank {} pins {}, mode {}{}", p->BankId,
                    text_of(p->PinNumberTable, p->PinCount), static_cast<int>(p->DisconnectMode),
                    p->DisconnectFlags.PreserveConfiguration ? ", preserve" : "");
            },
            [](Controller&) { return STATUS_SUCCESS; });
    }
    static bool level_to_read(const Controller& controller, ULONG pin, bool written) {
        return written ? controller.pins.output(pin) : controller.pins.level(pin);
    }
    static NTSTATUS read_mask(PVOID context, PGPIO_READ_PINS_MASK_PARAMETERS p) {
        return call(
            context, Callback::read_mask, p->BankId, p,
            [&](Call& c) {
                c.arguments = fmt::format("bank {}{}", p->BankId,
                                          p->Flags.WriteConfiguredPins ? ", written" : "");
            },
            [&](Controller& controller) {
                const ULONG first = absolute(controller, p->BankId, 0);
                for (ULONG i = 0; i < controller.pins.per_bank(); ++i) {
                    if (first + i < controller.pins.total() &&
                        level_to_read(controller, first + i, p->Flags.WriteConfiguredPins))
                        *p->PinValues |= 1ull << i;
                }
                return STATUS_SUCCESS;
            });
    }
    static NTSTATUS write_mask(PVOID context, PGPIO_WRITE_PINS_MASK_PARAMETERS p) {
        return call(
            context, Callback::write_mask, p->BankId, p,
            [&](Call& c) {
                c.arguments =
                    fmt::format("bank {} set {:x} clear {:x}", p->BankId, p->SetMask, p->ClearMask);
            },
            [&](Controller& controller) {
                for_each_pin(controller, p->BankId, p->SetMask,
                             [&](ULONG pin) { controller.pins.set_output(pin, true); });
                for_each_pin(controller, p->BankId, p->ClearMask,
                             [&](ULONG pin) { controller.pins.set_output(pin, false); });
                return STATUS_SUCCESS;
            });
    }
    static NTSTATUS connect_function(PVOID context,
                                     PGPIO_CONNECT_FUNCTION_CONFIG_PINS_PARAMETERS p) {
        return call(
            context, Callback::connect_function, p->BankId, p,
            [&](Call& c) {
                c.pins.assign(p->PinNumberTable, p->PinNumberTable + p->PinCount);
                c.arguments = fmt::format("bank {} pins {}, function {}, pull {}", p->BankId,
                                          text_of(p->PinNumberTable, p->PinCount),
                                          p->FunctionNumber, p->PullConfiguration);
                add_vendor_data(c, p->VendorData, p->VendorDataLength);
            },
            [](Controller&) { return STATUS_SUCCESS; });
    }
    static NTSTATUS disconnect_function(PVOID context,
                                        PGPIO_DISCONNECT_FUNCTION_CONFIG_PINS_PARAMETERS p) {
        return call(
            context, Callback::disconnect_function, p->BankId, p,
            [&](Call& c) {
                c.pins.assign(p->PinNumberTable, p->PinNumberTable + p->PinCount);
                c.arguments = fmt::format("bank {} pins {}", p->BankId,
                                          text_of(p->PinNumberTable, p->PinCount));
            },
            [](Controller&) { return STATUS_SUCCESS; });
    }

    // ---- others ----
    static NTSTATUS specific(PVOID context,
                             PGPIO_CLIENT_CONTROLLER_SPECIFIC_FUNCTION_PARAMETERS p) {
        return call(
            context, Callback::specific, no_bank, p,
            [&](Call& c) {
                c.arguments =
                    fmt::format("in {}, out {}", p->InputBufferLength, p->OutputBufferLength);
            },
            [](Controller&) { return STATUS_SUCCESS; });
    }
    static std::string describe(const GPIO_SAVE_RESTORE_BANK_HARDWARE_CONTEXT_PARAMETERS& p) {
        return fmt::format("bank {}, F{}{}", p.BankId, p.State,
                           p.Flags.CriticalTransition ? ", critical" : "");
    }
    static VOID save(PVOID context, PGPIO_SAVE_RESTORE_BANK_HARDWARE_CONTEXT_PARAMETERS p) {
        call(
            context, Callback::save, p->BankId, p, [&](Call& c) { c.arguments = describe(*p); },
            [](Controller&) { return STATUS_SUCCESS; });
    }
    static VOID restore(PVOID context, PGPIO_SAVE_RESTORE_BANK_HARDWARE_CONTEXT_PARAMETERS p) {
        call(
            context, Callback::restore, p->BankId, p, [&](Call& c) { c.arguments = describe(*p); },
            [](Controller&) { return STATUS_SUCCESS; });
    }
};

NTSTATUS ClientCallbacks::pre_process(PVOID context, BANK_ID bank, ULONG64 enabled) {
    return call(
        context, Callback::pre_process, bank, nullptr,
        [&](Call& c) {
            c.mask = enabled;
            c.arguments = fmt::format("bank {} enabled {:x}", bank, enabled);
        },
        [](Controller&) { return STATUS_SUCCESS; });
}

NTSTATUS ClientCallbacks::query_set(PVOID context,
                                    PCLIENT_CONTROLLER_QUERY_SET_INFORMATION_INPUT input,
                                    PCLIENT_CONTROLLER_QUERY_SET_INFORMATION_OUTPUT output) {
    QuerySetRequest request{input, output};
    return call(
        context, Callback::query_set, no_bank, &request,
        [&](Call& c) {
            constexpr const char* types[] = {"power", "binding", "mapping"};
            c.arguments = types[input->RequestType];
        },
        [](Controller&) { return STATUS_NOT_SUPPORTED; });
}

NTSTATUS ClientCallbacks::read(PVOID context, PGPIO_READ_PINS_PARAMETERS p) {
    return call(
        context, Callback::read, p->BankId, p,
        [&](Call& c) {
            c.pins.assign(p->PinNumberTable, p->PinNumberTable + p->PinCount);
            c.arguments =
                fmt::format("bank {} pins {}{}", p->BankId, text_of(p->PinNumberTable, p->PinCount),
                            p->Flags.WriteConfiguredPins ? ", written" : "");
        },
        [&](Controller& controller) {
            auto* buffer = static_cast<UCHAR*>(p->Buffer);
            for (ULONG i = 0; i < p->PinCount; ++i) {
                const ULONG pin = absolute(controller, p->BankId, p->PinNumberTable[i]);
                const UCHAR bit = static_cast<UCHAR>(1u << i % 8);
                buffer[i / 8] = static_cast<UCHAR>(buffer[i / 8] & ~bit);
                if (level_to_read(controller, pin, p->Flags.WriteConfiguredPins))
                    buffer[i / 8] |= bit;
            }
            return STATUS_SUCCESS;
        });
}

NTSTATUS ClientCallbacks::write(PVOID context, PGPIO_WRITE_PINS_PARAMETERS p) {
    return call(
        context, Callback::write, p->BankId, p,
        [&](Call& c) {
            c.pins.assign(p->PinNumberTable, p->PinNumberTable + p->PinCount);
            std::string bits;
            const auto* buffer = static_cast<const UCHAR*>(p->Buffer);
            for (ULONG i = 0; i < p->PinCount; ++i)
                bits += (buffer[i / 8] >> i % 8 & 1) ? '1' : '0';
            c.arguments = fmt::format("bank {} pins {}, bits {}", p->BankId,
                                      text_of(p->PinNumberTable, p->PinCount), bits);
        },
        [&](Controller& controller) {
            const auto* buffer = static_cast<const UCHAR*>(p->Buffer);
            for (ULONG i = 0; i < p->PinCount; ++i) {
                const ULONG pin = absolute(controller, p->BankId, p->PinNumberTable[i]);
                controller.pins.set_output(pin, buffer[i / 8] >> i % 8 & 1);
            }
            return STATUS_SUCCESS;
        });
}

GPIO_CLIENT_REGISTRATION_PACKET full_packet() { return ClientCallbacks::packet(); }
void add_pre_process(GPIO_CLIENT_REGISTRATION_PACKET& packet) {
    packet.CLIENT_PreProcessControllerInterrupt = &ClientCallbacks::pre_process;
}
void add_query_set(GPIO_CLIENT_REGISTRATION_PACKET& packet) {
    packet.CLIENT_QuerySetControllerInformation = &ClientCallbacks::query_set;
}
void use_pin_tables(GPIO_CLIENT_REGISTRATION_PACKET& packet) {
    packet.CLIENT_ReadGpioPins = &ClientCallbacks::read;
    packet.CLIENT_WriteGpioPins = &ClientCallbacks::write;
}

}  // namespace gpioclx::conformance
