#include "explore/fault_search.h"

#include <algorithm>

namespace gpioclx::explore {
namespace {

constexpr std::uint32_t occurrences_of_a_stack = 3;

}  // namespace

// Fails where it is to, and notes what else may fail until then: behind it the execution goes its
// own way.
class FaultSearch::Listener final : public Strategy {
  public:
    Listener(FaultSearch& search, Deviation fault) : search_(search), fault_(fault) {}
    std::size_t pick(const Point& point) override {
        if (point.kind != PointKind::fault || failed_) return 0;
        if (fault_.alternative != 0 && point.name == fault_.point &&
            point.occurrence == fault_.occurrence) {
            failed_ = true;
            return std::min<std::size_t>(fault_.alternative, point.alternatives - 1);
        }
        search_.note(point);
        return 0;
    }

  private:
    FaultSearch& search_;
    Deviation fault_;
    bool failed_ = false;
};

void FaultSearch::note(const Point& point) {
    if (point.occurrence > occurrences_of_a_stack) return;
    if (!seen_.insert({point.name, point.occurrence}).second) return;
    for (std::size_t how = 1; how < point.alternatives; ++how)
        faults_.push_back({point.name, point.occurrence, static_cast<std::uint8_t>(how)});
}

Strategy* FaultSearch::next() {
    Deviation fault{};
    if (begun_) {
        while (!faults_.empty() && is_avoided({faults_.front()})) faults_.pop_front();
        if (faults_.empty()) return nullptr;
        fault = faults_.front();
        faults_.pop_front();
    }
    begun_ = true;
    strategy_ = std::make_unique<Listener>(*this, fault);
    return strategy_.get();
}

}  // namespace gpioclx::explore
