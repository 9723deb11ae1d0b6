// Events for tests of writers: names as texts, sequence numbers and times by themselves.
#pragma once

#include <gtest/gtest.h>

#include <cstdio>
#include <string>
#include <vector>

#include "trace/writer.h"

namespace gpioclx::trace {

class EventList : public ::testing::Test, public Names {
  protected:
    EventList() : file(std::tmpfile()) {}
    ~EventList() override { std::fclose(file); }

    std::string_view name(machine::NameId id) const override { return texts_.at(id); }

    machine::NameId id(const std::string& text) {
        for (std::size_t i = 0; i < texts_.size(); ++i)
            if (texts_[i] == text) return static_cast<machine::NameId>(i);
        texts_.push_back(text);
        return static_cast<machine::NameId>(texts_.size() - 1);
    }

    struct Where {
        int processor = 0;  // -1: outside
        machine::Level level = 0;
        std::string actor = "worker 1";
    };
    // 100 ns after the one before.
    machine::Event event(const Where& where, machine::EventKind kind, const std::string& subject,
                         std::uint64_t a = 0, const std::string& detail = "") {
        machine::Event made{};
        made.sequence = ++sequence_;
        made.time_ns = time_ns += 100;
        made.kind = kind;
        made.processor = where.processor < 0 ? machine::no_processor
                                             : static_cast<std::uint8_t>(where.processor);
        made.level = where.level;
        made.actor = id(where.actor);
        made.subject = id(subject);
        made.detail = id(detail);
        made.a = a;
        return made;
    }
    std::string written() {
        std::fflush(file);
        std::rewind(file);
        std::string text;
        for (int c = std::fgetc(file); c != EOF; c = std::fgetc(file)) text += static_cast<char>(c);
        return text;
    }

    std::FILE* file;
    std::uint64_t time_ns = 0;

  private:
    std::vector<std::string> texts_{""};
    std::uint64_t sequence_ = 0;
};

}  // namespace gpioclx::trace
