#pragma once

#include "storage/op_log.hpp"
#include "tests/fixture/temporary_folder.hpp"
#include "tests/fixture/written_document.hpp"

#include <gtest/gtest.h>

#include <functional>

namespace quire::storage {

using namespace quire::fixture;  // NOLINT: the tests speak its language

/// How to reach an implementation: the address of a new store in a folder.
struct implementation {
  std::string name;
  std::function<std::string(const std::filesystem::path&)> address;
};

/// What every implementation of the op log promises. An implementation's test instantiates it.
class op_log_contract : public testing::TestWithParam<implementation> {
 protected:
  void SetUp() override {
    auto opened = open_store(GetParam().address(folder_.path()));
    ASSERT_TRUE(opened) << opened.error().detail;
    store_ = std::move(*opened);
  }

  [[nodiscard]] op_log& log() { return *store_.log; }
  [[nodiscard]] storage::history& past() { return *store_.history; }

  [[nodiscard]] loaded load(const written_document& document) {
    auto done = past().load(document.id());
    if (!done) {
      ADD_FAILURE() << done.error().detail;
      return {};
    }
    return std::move(*done);
  }

  [[nodiscard]] std::vector<std::string> names(std::string_view organisation, std::string_view after,
                                               std::size_t count) {
    std::vector<std::string> found;
    const auto page = past().list(organisation, after, count);
    for (const auto& summary : page.value())
      found.push_back(summary.info.document.name);
    return found;
  }

  written_document notes_{"notes", id_of(1)};
  written_document plans_{"plans", id_of(2)};

 private:
  temporary_folder folder_;
  store store_;
};

}  // namespace quire::storage
