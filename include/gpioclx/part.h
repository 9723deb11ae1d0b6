// Parts around the controllers: buttons, LEDs, signals.
#pragma once

#include <chrono>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>

namespace gpioclx {

class BoardLink;

// Handles: copies speak of the same part. Made by Board::part, Board::button and Board::led.
class Part {
  public:
    const std::string& name() const { return name_; }
    const std::string& model() const { return model_; }  // "button", "led", "signal", ...
    // What a person sees: "on", "pressed", "high"; "" if the part shows nothing.
    std::string state() const;
    // What a person does: perform("pulse", {"10us"}). Throws BadInput with the actions there are.
    void perform(std::string_view action, std::initializer_list<std::string_view> words = {}) const;

  protected:
    friend class Board;
    Part(std::shared_ptr<BoardLink> link, std::string name, std::string model)
        : link_(std::move(link)), name_(std::move(name)), model_(std::move(model)) {}

    std::shared_ptr<BoardLink> link_;
    std::string name_;
    std::string model_;
};

class Button : public Part {
  public:
    // At the present moment of virtual time; nothing runs until the board does. A button that
    // bounces goes on doing so while the board runs.
    void press() const;
    void release() const;
    // Presses, lets that much virtual time pass, releases.
    void press_for(std::chrono::nanoseconds time) const;
    bool is_pressed() const;

  private:
    friend class Board;
    using Part::Part;
};

class Led : public Part {
  public:
    bool is_on() const;

  private:
    friend class Board;
    using Part::Part;
};

}  // namespace gpioclx
