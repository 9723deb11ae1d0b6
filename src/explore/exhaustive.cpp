#include "explore/exhaustive.h"

#include <algorithm>

namespace gpioclx::explore {

class Exhaustive::Listener final : public Strategy {
  public:
    Listener(const Deviations& deviations, std::vector<Point>& points)
        : repeat_(repeat({.deviations = deviations})), left_(deviations.size()), points_(points) {
        points_.clear();
    }
    std::size_t pick(const Point& point) override {
        const std::size_t taken = repeat_->pick(point);
        if (taken != 0) {
            if (left_ > 0) --left_;
        } else if (left_ == 0) {
            points_.push_back(point);
        }
        return taken;
    }

  private:
    std::unique_ptr<Strategy> repeat_;
    std::size_t left_;
    std::vector<Point>& points_;
};

// To the next deviation of the node that is to be tried.
bool Exhaustive::advance() {
    while (point_ < points_.size()) {
        if (alternative_ > 1) {
            --alternative_;
            return true;
        }
        if (++point_ < points_.size()) alternative_ = points_[point_].alternatives;
    }
    return false;
}

Strategy* Exhaustive::next() {
    for (;;) {
        if (expanding_ && advance()) {
            const Point& point = points_[point_];
            Deviations child = node_;
            child.push_back(
                {point.name, point.occurrence, static_cast<std::uint8_t>(alternative_)});
            if (is_avoided(child)) continue;
            strategy_ = repeat({.deviations = child});
            return strategy_.get();
        }
        if (nodes_.empty()) return nullptr;
        node_ = std::move(nodes_.front());
        nodes_.pop_front();
        expanding_ = false;
        if (is_avoided(node_)) continue;
        strategy_ = std::make_unique<Listener>(node_, points_);
        return strategy_.get();
    }
}

void Exhaustive::executed(std::uint64_t way) {
    if (!expanding_) {
        node_way_ = way;
        ways_.insert(way);
        expanding_ = node_.size() < bound_;
        point_ = 0;
        alternative_ = points_.empty() ? 0 : points_[0].alternatives;
        return;
    }
    const Point& point = points_[point_];
    if (way == node_way_ && point.kind == PointKind::delay) {
        left_out_ += alternative_ - 1;
        alternative_ = 1;
    }
    const bool is_new = ways_.insert(way).second;
    if (!is_new) ++left_out_;
    if (!is_new || node_.size() + 1 >= bound_) return;
    Deviations child = node_;
    child.push_back({point.name, point.occurrence, static_cast<std::uint8_t>(alternative_)});
    nodes_.push_back(std::move(child));
}

}  // namespace gpioclx::explore
