// For this folder's tests: a folder of the test's own that goes away with it.
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace gpioclx::firmware {

class ScratchTest : public ::testing::Test {
  protected:
    ScratchTest() {
        std::string name = (std::filesystem::temp_directory_path() / "gx-XXXXXX").string();
        folder_ = ::mkdtemp(name.data());
    }
    ~ScratchTest() override { std::filesystem::remove_all(folder_); }

    const std::filesystem::path& folder() const { return folder_; }

    std::filesystem::path write(const std::string& name, const std::string& text) {
        const std::filesystem::path path = folder_ / name;
        std::filesystem::create_directories(path.parent_path());
        std::ofstream(path, std::ios::binary) << text;
        return path;
    }

  private:
    std::filesystem::path folder_;
};

}  // namespace gpioclx::firmware
