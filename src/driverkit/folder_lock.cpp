#include "driverkit/folder_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace gpioclx::driverkit {

FolderLock::~FolderLock() {
    if (descriptor_ >= 0) close(descriptor_);
}

bool FolderLock::take(const std::filesystem::path& folder, int operation) {
    const int descriptor = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) return false;
    if (flock(descriptor, operation) != 0) {
        close(descriptor);
        return false;
    }
    if (descriptor_ >= 0) close(descriptor_);
    descriptor_ = descriptor;
    return true;
}

void FolderLock::take(const std::filesystem::path& folder) { (void)take(folder, LOCK_EX); }
bool FolderLock::try_take(const std::filesystem::path& folder) {
    return take(folder, LOCK_EX | LOCK_NB);
}

}  // namespace gpioclx::driverkit
