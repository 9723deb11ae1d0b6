// Handles of a driver in user mode, and what its functions say when they fail.
#pragma once

#include <um/parts/um_types.h>
#include <wdm.h>

#include <cstdint>

namespace gpioclx::kernel::um {

struct UserResources;

// Null, and told, unless the driver has it open.
void* body_of_user_handle(UserResources& resources, HANDLE handle, const char* function);
// False, and told, likewise.
bool close_user_handle(UserResources& resources, HANDLE handle, const void* caller,
                       const char* function);

// What GetLastError gives the calling thread.
void set_last_error(DWORD code);
// 0: now; INFINITE: never.
std::uint64_t deadline_after(DWORD milliseconds);

}  // namespace gpioclx::kernel::um
