// What each callback was asked for, for those who compare it with what the hardware does.
#pragma once

#include "client_call.h"

namespace gpioclx {

inline void describe(const GPIO_ENABLE_INTERRUPT_PARAMETERS& parameters, const CallSite&,
                     GX_CALLBACK_DETAILS& details) {
    details.Pins = bit(parameters.PinNumber);
    details.Interrupt = TRUE;
    details.Mode = parameters.InterruptMode;
    details.Polarity = parameters.Polarity;
    details.HasPull = TRUE;
    details.Pull = parameters.PullConfiguration;
}
inline void describe(const GPIO_RECONFIGURE_INTERRUPTS_PARAMETERS& parameters, const CallSite&,
                     GX_CALLBACK_DETAILS& details) {
    details.Pins = bit(parameters.PinNumber);
    details.Interrupt = TRUE;
    details.Mode = parameters.InterruptMode;
    details.Polarity = parameters.Polarity;
}
inline void describe(const GPIO_DISABLE_INTERRUPT_PARAMETERS& parameters, const CallSite&,
                     GX_CALLBACK_DETAILS& details) {
    details.Pins = bit(parameters.PinNumber);
}
inline void describe(const GPIO_CONNECT_IO_PINS_PARAMETERS& parameters, const CallSite& site,
                     GX_CALLBACK_DETAILS& details) {
    details.Pins = site.operand;
    details.Direction = static_cast<UCHAR>(parameters.ConnectMode);
    details.HasPull = TRUE;
    details.Pull = parameters.PullConfiguration;
}
inline void describe(const GPIO_DISCONNECT_IO_PINS_PARAMETERS& parameters, const CallSite& site,
                     GX_CALLBACK_DETAILS& details) {
    details.Pins = site.operand;
    details.Direction = static_cast<UCHAR>(parameters.DisconnectMode);
    details.Preserve = parameters.DisconnectFlags.PreserveConfiguration != 0;
}
inline void describe(const GPIO_READ_PINS_MASK_PARAMETERS& parameters, const CallSite& site,
                     GX_CALLBACK_DETAILS& details) {
    details.Pins = site.operand;
    details.Outputs = parameters.Flags.WriteConfiguredPins != 0;
}
inline void describe(const GPIO_READ_PINS_PARAMETERS& parameters, const CallSite& site,
                     GX_CALLBACK_DETAILS& details) {
    details.Pins = site.operand;
    details.Outputs = parameters.Flags.WriteConfiguredPins != 0;
    details.Table = parameters.PinNumberTable;
    details.Count = parameters.PinCount;
    details.Buffer = static_cast<const UCHAR*>(parameters.Buffer);
}
inline void describe(const GPIO_WRITE_PINS_MASK_PARAMETERS& parameters, const CallSite& site,
                     GX_CALLBACK_DETAILS& details) {
    details.Pins = site.operand;
    details.SetPins = parameters.SetMask;
    details.ClearPins = parameters.ClearMask;
}
inline void describe(const GPIO_WRITE_PINS_PARAMETERS&, const CallSite& site,
                     GX_CALLBACK_DETAILS& details) {
    details.Pins = site.operand;
    details.SetPins = *site.result;  // of a write: its data
    details.ClearPins = site.operand & ~*site.result;
}
template <typename Other>
void describe(const Other&, const CallSite& site, GX_CALLBACK_DETAILS& details) {
    details.Pins = site.operand;
}

template <typename Parameters>
void tell_details(const Controller& controller, const CallSite& site,
                  const Parameters& parameters) {
    GX_CALLBACK_DETAILS details = {};
    describe(parameters, site, details);
    if (site.bank != no_bank)
        details.FirstPin = site.bank * controller.information.NumberOfPinsPerBank;
    GxCallbackDetails(&details);
}

}  // namespace gpioclx
