#pragma once

#include "actors/instruments.hpp"

#include <caf/default_attachable.hpp>
#include <caf/error.hpp>
#include <caf/scheduled_actor.hpp>
#include <caf/sec.hpp>

#include <exception>
#include <string>

namespace quire::actors {

/// What every actor of ours does alike: an unexpected message or an error answer never kills it, an exception is
/// reported before it does.
/// Affinity: call it first in the behaviour function.
template <class Self>
void init_actor(Self* self, const char* name, instruments& watched) {
  self->set_default_handler(caf::drop);
  self->set_error_handler([](caf::scheduled_actor*, caf::error&) {});
  self->set_exception_handler([name, &watched](caf::scheduled_actor*, std::exception_ptr& thrown) -> caf::error {
    std::string what = "an exception of unknown type";
    try {
      std::rethrow_exception(thrown);
    } catch (const std::exception& known) {
      what = known.what();
    } catch (...) {
    }
    watched.warn(std::string(name) + " ended by an exception: " + what);
    return caf::make_error(caf::sec::runtime_error, what);
  });
}

}  // namespace quire::actors
