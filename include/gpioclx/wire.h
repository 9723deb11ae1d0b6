// A wire of the board, and what a test can do to it.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace gpioclx {

class BoardLink;

// A floating wire keeps reading as it was.
enum class Level : std::uint8_t { low, high, floating };

std::string_view to_string(Level level);
std::ostream& operator<<(std::ostream& stream, Level level);

// A handle: copies speak of the same wire. Made by Board::wire and Board::wires.
class Wire {
  public:
    // The bench's name, or "GPI0.3" for a wire that follows from the firmware.
    const std::string& name() const { return name_; }
    Level level() const;
    // Who is attached, by name: a part, a pin of a controller ("\\_SB.GPI0.3"), the script.
    std::vector<std::string> ends() const;

    // Drives it from outside, as another chip would; stronger than any pull. Against another driver
    // the board reports contention.
    void set(Level level) const;  // high or low; floating is release()
    void release() const;

  private:
    friend class Board;
    Wire(std::shared_ptr<BoardLink> link, std::string name)
        : link_(std::move(link)), name_(std::move(name)) {}

    std::shared_ptr<BoardLink> link_;
    std::string name_;
};

}  // namespace gpioclx
