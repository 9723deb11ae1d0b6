// For this folder's tests: firmware from ASL text, on a SimpleHost.
#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "firmware/firmware.h"
#include "firmware/scratch_test.h"
#include "firmware/simple_host.h"

namespace gpioclx::firmware {

class LoadedTest : public ScratchTest {
  protected:
    // Definition block around `body`; "DSDT" or "SSDT".
    static std::string block(const std::string& body, const std::string& signature = "DSDT") {
        return "DefinitionBlock (\"\", \"" + signature +
               "\", 2, \"GXTEST\", \"FIRMWARE\", 1)\n{\n" + body + "\n}\n";
    }

    Result<std::unique_ptr<Firmware>> try_load(const std::vector<std::string>& sources) {
        std::vector<std::filesystem::path> paths;
        for (const std::string& source : sources) {
            paths.push_back(write("t" + std::to_string(paths.size()) + ".asl", source));
        }
        auto tables = load_tables(paths, folder() / "out");
        if (!tables) return tables.error();
        return Firmware::load(std::move(*tables), host_);
    }

    // Loads, and expects neither errors nor warnings of ACPICA.
    Firmware& load_blocks(const std::vector<std::string>& sources) {
        return keep(try_load(sources));
    }
    Firmware& load_these(std::vector<Table> tables) {
        return keep(Firmware::load(std::move(tables), host_));
    }
    Firmware& load(const std::string& body) { return load_blocks({block(body)}); }

    SimpleHost& host() { return host_; }
    void unload() { firmware_.reset(); }

  private:
    Firmware& keep(Result<std::unique_ptr<Firmware>> loaded) {
        if (!loaded) throw std::runtime_error(loaded.error().text());
        firmware_ = std::move(*loaded);
        EXPECT_EQ(host_.complaints(), "");
        return *firmware_;
    }

    SimpleHost host_;
    std::unique_ptr<Firmware> firmware_;
};

}  // namespace gpioclx::firmware
