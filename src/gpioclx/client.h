// A registered GPIO controller driver (R1-R18).
#pragma once

#include "clx.h"

namespace gpioclx {

struct Client {
    LIST_ENTRY link;
    WDFDRIVER driver;
    GPIO_CLIENT_REGISTRATION_PACKET packet;  // members beyond the driver's layout are NULL (R28)
    LONG devices;
};

// The client of this driver object, or nullptr. PASSIVE_LEVEL.
Client* find_client(WDFDRIVER driver);

// STATUS_SUCCESS and a complete copy in `packet`, or what is wrong with it (R2-R12, R28).
NTSTATUS check_registration_packet(const GPIO_CLIENT_REGISTRATION_PACKET& given,
                                   GPIO_CLIENT_REGISTRATION_PACKET& packet);

bool has_interrupts(const GPIO_CLIENT_REGISTRATION_PACKET& packet);
bool has_io(const GPIO_CLIENT_REGISTRATION_PACKET& packet);

NTSTATUS initialize_clients();

}  // namespace gpioclx
