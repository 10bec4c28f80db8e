#pragma once

#include "actors/instruments.hpp"

#include <caf/default_attachable.hpp>
#include <caf/error.hpp>
#include <caf/scheduled_actor.hpp>
#include <caf/sec.hpp>

#include <cstdlib>
#include <exception>
#include <string>

namespace quire::actors {

/// What an exception says of itself.
[[nodiscard]] inline std::string text_of(const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const std::exception& known) {
    return known.what();
  } catch (...) {
    return "an exception of unknown type";
  }
}

/// What every actor of ours does alike: an unexpected message or an error answer never kills it, an exception is
/// reported before it does.
/// Affinity: call it first in the behaviour function.
template <class Self>
void init_actor(Self* self, const char* name, instruments& watched) {
  self->set_default_handler(caf::drop);
  self->set_error_handler([](caf::scheduled_actor*, caf::error&) {});
  self->set_exception_handler([name, &watched](caf::scheduled_actor*, std::exception_ptr& thrown) -> caf::error {
    watched.warn(std::string(name) + " ended by an exception: " + text_of(thrown));
    return caf::make_error(caf::sec::runtime_error, text_of(thrown));
  });
}

/// The same for an actor without which the node is none: an exception in it ends the process, to be started anew.
template <class Self>
void init_vital_actor(Self* self, const char* name, instruments& watched) {
  init_actor(self, name, watched);
  self->set_exception_handler([name, &watched](caf::scheduled_actor*, std::exception_ptr& thrown) -> caf::error {
    watched.warn(std::string(name) + " failed, so the node ends: " + text_of(thrown));
    std::abort();
  });
}

}  // namespace quire::actors
