// The worker's answers: a board, driven by requests of a session.
#pragma once

#include <memory>

#include "bench/board.h"
#include "bench/script_runner.h"
#include "worker/worker_process.h"

namespace gpioclx::bench {

std::unique_ptr<worker::Service> make_board_service(worker::WorkerContext& context);

}  // namespace gpioclx::bench
