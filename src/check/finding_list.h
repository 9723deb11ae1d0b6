// The findings of a check, each once: the same mistake shows in many scenarios and at many pins.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "bench/finding.h"

namespace gpioclx::check {

struct CheckFinding {
    bench::Finding finding;
    std::string scenario;
    std::string token;                     // of the schedule; "" = shows without one
    std::vector<std::string> decisions;    // of the schedule, in words
    std::vector<std::string> more_places;  // pins where it shows too
    std::uint64_t execution = 0;           // of its scenario's exploration; 0 = the plain one
};

class FindingList {
  public:
    // False: it is known. What differs in the pins alone is the same finding, elsewhere; one of an
    // expectation reads "WHAT (WHERE): DETAIL", and the same WHAT is the same finding.
    bool add(CheckFinding finding);
    const std::vector<CheckFinding>& all() const { return findings_; }

  private:
    std::vector<CheckFinding> findings_;
    std::vector<std::string> keys_;
};

}  // namespace gpioclx::check
