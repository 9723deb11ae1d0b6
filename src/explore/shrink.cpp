#include "explore/shrink.h"

namespace gpioclx::explore {
namespace {

class Shrinker {
  public:
    Shrinker(Schedule schedule, const std::function<bool(const Schedule&)>& still_fails,
             unsigned budget)
        : best_(std::move(schedule)), still_fails_(still_fails), budget_(budget) {}

    Schedule shrink() {
        for (std::size_t part = best_.deviations.size(); part > 0; part /= 2) remove_parts(part);
        shorten();
        return std::move(best_);
    }

  private:
    bool try_instead(Schedule candidate) {
        if (budget_ == 0) return false;
        --budget_;
        if (!still_fails_(candidate)) return false;
        best_ = std::move(candidate);
        return true;
    }

    void remove_parts(std::size_t size) {
        for (std::size_t at = 0; at < best_.deviations.size() && budget_ > 0;) {
            Schedule candidate = best_;
            const std::size_t end = std::min(at + size, candidate.deviations.size());
            candidate.deviations.erase(
                candidate.deviations.begin() + static_cast<std::ptrdiff_t>(at),
                candidate.deviations.begin() + static_cast<std::ptrdiff_t>(end));
            if (!try_instead(std::move(candidate))) at += size;
        }
    }

    void shorten() {
        for (std::size_t at = 0; at < best_.deviations.size(); ++at) {
            for (bool shorter = true; shorter && best_.deviations[at].alternative > 1;) {
                Schedule candidate = best_;
                --candidate.deviations[at].alternative;
                shorter = try_instead(std::move(candidate));
            }
        }
    }

    Schedule best_;
    const std::function<bool(const Schedule&)>& still_fails_;
    unsigned budget_;
};

}  // namespace

Schedule shrink(Schedule schedule, const std::function<bool(const Schedule&)>& still_fails,
                unsigned budget) {
    return Shrinker(std::move(schedule), still_fails, budget).shrink();
}

}  // namespace gpioclx::explore
