// Writers of trace/ as observers of a session.
#pragma once

#include "bench/session.h"
#include "trace/writer.h"

namespace gpioclx::cli {

class WriterObserver final : public bench::EventObserver {
  public:
    explicit WriterObserver(trace::Writer& writer) : writer_(writer) {}

    void observe(const machine::Event& event, const worker::Supervisor& names) override {
        const SupervisorNames adapter(names);
        writer_.write(event, adapter);
    }

  private:
    class SupervisorNames final : public trace::Names {
      public:
        explicit SupervisorNames(const worker::Supervisor& supervisor) : supervisor_(supervisor) {}
        std::string_view name(machine::NameId id) const override { return supervisor_.name(id); }

      private:
        const worker::Supervisor& supervisor_;
    };

    trace::Writer& writer_;
};

}  // namespace gpioclx::cli
