// Wires as pictures in a terminal: one row a wire, one column a slice of time.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "trace/writer.h"

namespace gpioclx::trace {

class Waveform final : public Writer {
  public:
    struct Change {
        std::uint64_t time_ns;
        std::uint8_t level;  // 0, 1, 2 floating
    };
    struct Row {
        std::string name;
        std::uint8_t initial;
        std::vector<Change> changes;
    };

    void declare(const std::string& wire, char level);
    void write(const machine::Event& event, const Names& names) override;

    // The rows for [from_ns, to_ns), `columns` wide. A slice in which a wire changes several times
    // shows as '|'. Wires that never change in the window are left out if `changing_only`.
    std::string draw(std::uint64_t from_ns, std::uint64_t to_ns, std::size_t columns,
                     bool changing_only) const;
    std::uint64_t first_change_ns() const { return first_change_ns_; }
    std::uint64_t last_change_ns() const { return last_change_ns_; }

    const std::vector<Row>& rows() const { return rows_; }

  private:
    std::vector<Row> rows_;
    std::map<std::string, std::size_t, std::less<>> index_;
    std::uint64_t first_change_ns_ = 0;
    std::uint64_t last_change_ns_ = 0;
};

}  // namespace gpioclx::trace
