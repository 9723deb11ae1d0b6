// What the library throws.
//
// Everything that a test would not go on after is an exception: bad input, a driver that does not
// build or start, a driver that took its worker process with it. A test framework prints what() and
// ends the test, without a check after each call. What a driver may rightly do and a test wants to
// look at is a value: the status of a request, a finding, whether the board became idle.
//
// Drivers run in another process, so nothing is ever thrown through their frames.
#pragma once

#include <stdexcept>
#include <string>

#include <gpioclx/status.h>

namespace gpioclx {

// Base of all that the library throws on purpose. what() is whole sentences, with file and line of
// the user's input where there is one.
class Exception : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

// A mistake in what the caller gave: bench file, firmware, script statement, a driver that does not
// build, a wire, part, pin, device or status that does not exist, an option out of range.
class BadInput : public Exception {
  public:
    BadInput(const std::string& what, std::string file, int line)
        : Exception(what), file_(std::move(file)), line_(line) {}

    const std::string& file() const { return file_; }  // "" if it is not about a file
    int line() const { return line_; }                 // 0: the whole file

  private:
    std::string file_;
    int line_;
};

// Board::start: at least one driver returned an error, or waits for what never happens. The board
// can still be looked at (Board::devices) and stopped.
class StartFailed : public Exception {
  public:
    using Exception::Exception;
};

// Board::open: the driver, or the object manager, refused.
class OpenFailed : public Exception {
  public:
    OpenFailed(const std::string& what, Status status) : Exception(what), status_(status) {}
    Status status() const { return status_; }

  private:
    Status status_;
};

// The worker process ended: a driver dereferenced null, overflowed its stack or never returned.
// what() is the finding with its source line, which is also the last of Board::findings().
class WorkerDied : public Exception {
  public:
    using Exception::Exception;
};

}  // namespace gpioclx
