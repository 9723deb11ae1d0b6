// A wire (a net of the board): drivers and pulls meet here, the strongest decide the level, and
// whoever is attached hears of each change. What is attached to a wire must live as long as it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "hardware/level.h"
#include "hardware/surroundings.h"

namespace gpioclx::hardware {

// Someone attached to a wire who wants to know its level.
class WireListener {
  public:
    // `tag` is the one given to attach. `high` is what an input reads: it keeps its value while
    // the wire floats. Called for each change of level or of floating.
    virtual void wire_level(std::uint32_t tag, bool high, bool floating) = 0;

  protected:
    ~WireListener() = default;
};

class Wire;

// One device's connection to a wire: its driver, its pull, its ear. A value; the state is the
// wire's.
class Terminal {
  public:
    Terminal() = default;
    bool connected() const { return wire_ != nullptr; }
    Wire* wire() const { return wire_; }

    void drive(Drive drive);
    void pull(Pull pull, Strength strength = Strength::weak);
    // Several terminals that change at one moment: stage all, then settle each wire.
    void stage_drive(Drive drive);
    void stage_pull(Pull pull, Strength strength = Strength::weak);
    void settle();

  private:
    friend class Wire;
    Terminal(Wire* wire, std::uint32_t index) : wire_(wire), index_(index) {}
    Wire* wire_ = nullptr;
    std::uint32_t index_ = 0;
};

class Wire {
  public:
    Wire(Surroundings& surroundings, std::string name);
    Wire(const Wire&) = delete;
    Wire& operator=(const Wire&) = delete;

    // Attached terminals neither drive nor pull. `listener` may be null.
    Terminal attach(WireListener* listener, std::uint32_t tag, std::string owner,
                    Strength drive_strength = Strength::normal);

    const std::string& name() const { return name_; }
    // A number that the surroundings keep with the wire; 0 until they set it.
    std::uint32_t label() const { return label_; }
    void set_label(std::uint32_t label) { label_ = label; }
    Level level() const { return level_; }
    bool high() const { return high_; }  // what an input reads
    bool floating() const { return level_ == Level::floating; }
    bool contended() const { return contended_; }
    std::size_t terminal_count() const { return ends_.size(); }
    const std::string& owner(std::size_t terminal) const { return ends_[terminal].owner; }
    Drive driven_by(std::size_t terminal) const { return ends_[terminal].drive; }

  private:
    friend class Terminal;

    struct End {
        WireListener* listener = nullptr;
        std::uint32_t tag = 0;
        Drive drive = Drive::off;
        Strength drive_strength = Strength::normal;
        Pull pull = Pull::none;
        Strength pull_strength = Strength::weak;
        std::string owner;
    };

    void settle();
    Level resolve();
    Level contention();

    std::vector<End> ends_;
    Surroundings* surroundings_;
    std::uint32_t label_ = 0;
    Level level_ = Level::floating;
    Level contended_level_ = Level::low;
    bool high_ = false;
    bool contended_ = false;
    bool pulls_oppose_ = false;
    bool settling_ = false;
    bool again_ = false;
    std::string name_;
    std::string contention_choice_;
};

inline void Terminal::stage_drive(Drive drive) { wire_->ends_[index_].drive = drive; }
inline void Terminal::stage_pull(Pull pull, Strength strength) {
    wire_->ends_[index_].pull = pull;
    wire_->ends_[index_].pull_strength = strength;
}
inline void Terminal::settle() { wire_->settle(); }
inline void Terminal::drive(Drive drive) {
    stage_drive(drive);
    wire_->settle();
}
inline void Terminal::pull(Pull pull, Strength strength) {
    stage_pull(pull, strength);
    wire_->settle();
}

}  // namespace gpioclx::hardware
