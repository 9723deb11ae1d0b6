// Intrusive list: objects carry their link, so that nothing is allocated. Order is that of
// insertion.
#pragma once

#include <cassert>
#include <cstddef>

namespace gpioclx::framework {

template <typename T>
struct Link {
    T* next = nullptr;
    T* previous = nullptr;
    bool linked = false;
};

template <typename T, Link<T> T::*Member>
class List {
  public:
    bool empty() const { return first_ == nullptr; }
    std::size_t size() const { return size_; }
    T* first() const { return first_; }
    T* last() const { return last_; }
    static T* next(const T& item) { return (item.*Member).next; }

    void push_back(T& item) { insert_before(nullptr, item); }
    void push_front(T& item) { insert_before(first_, item); }
    // At the end if `position` is null.
    void insert_before(T* position, T& item) {
        Link<T>& link = item.*Member;
        assert(!link.linked);
        link.linked = true;
        link.next = position;
        link.previous = position != nullptr ? (position->*Member).previous : last_;
        (link.previous != nullptr ? (link.previous->*Member).next : first_) = &item;
        (position != nullptr ? (position->*Member).previous : last_) = &item;
        ++size_;
    }
    void remove(T& item) {
        Link<T>& link = item.*Member;
        assert(link.linked);
        (link.previous != nullptr ? (link.previous->*Member).next : first_) = link.next;
        (link.next != nullptr ? (link.next->*Member).previous : last_) = link.previous;
        link = {};
        --size_;
    }
    bool contains(const T& item) const {
        for (const T* i = first_; i != nullptr; i = next(*i)) {
            if (i == &item) return true;
        }
        return false;
    }

  private:
    T* first_ = nullptr;
    T* last_ = nullptr;
    std::size_t size_ = 0;
};

}  // namespace gpioclx::framework
