#include "tests/fixture/throwaway_postgresql.hpp"
#include "tests/storage/contract/op_log_contract.hpp"

namespace quire::storage {
namespace {

std::string name_of(const testing::TestParamInfo<implementation>& of) {
  return of.param.name;
}

INSTANTIATE_TEST_SUITE_P(
  every, op_log_contract,
  testing::Values(
    implementation{"memory", [](const auto&) { return std::string("memory"); }},
    implementation{"sqlite", [](const auto& folder) { return "sqlite:" + (folder / "store.db").string(); }},
    implementation{"postgresql", [](const auto&) { return fixture::throwaway_postgresql::shared().new_schema(); }}),
  name_of);

}  // namespace
}  // namespace quire::storage
