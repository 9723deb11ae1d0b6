// Processes that use a folder of files take turns, or choose another one.
#pragma once

#include <filesystem>

namespace gpioclx::driverkit {

// Held until it is destroyed, or the process ends.
class FolderLock {
  public:
    FolderLock() = default;
    ~FolderLock();
    FolderLock(const FolderLock&) = delete;
    FolderLock& operator=(const FolderLock&) = delete;

    // Waits for whoever has the folder. Without effect if it cannot be opened.
    void take(const std::filesystem::path& folder);
    // False: another one has it, or it cannot be opened.
    bool try_take(const std::filesystem::path& folder);

  private:
    bool take(const std::filesystem::path& folder, int operation);

    int descriptor_ = -1;
};

}  // namespace gpioclx::driverkit
