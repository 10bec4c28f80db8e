#include "gateway/environment.hpp"

#include <algorithm>
#include <cstdlib>
#include <gtest/gtest.h>

namespace quire::gateway {

namespace {

result<void> check(const std::vector<std::string>& given) {
  const std::vector<std::string> settings{"QUIRE_LISTEN", "QUIRE_ADMIN_LISTEN", "QUIRE_SILENCE_MAX"};
  const std::vector<std::string_view> entries(given.begin(), given.end());
  return check_variables(settings, entries);
}

}  // namespace

TEST(environment, the_variable_of_a_setting_has_its_name) {
  EXPECT_EQ(variable_of("send-queue-bytes-max"), "QUIRE_SEND_QUEUE_BYTES_MAX");
}

TEST(environment, settings_and_what_is_not_ours_may_be_there) {
  EXPECT_TRUE(check({"QUIRE_LISTEN=127.0.0.1:1", "QUIRE_SILENCE_MAX=", "PATH=/bin", "QUIRELISTEN=1", "EMPTY", ""}));
}

TEST(environment, an_unknown_variable_is_refused_by_its_name_and_the_nearest_that_means_something) {
  const auto refused = check({"QUIRE_LISTEN=127.0.0.1:1", "QUIRE_LISSEN=127.0.0.1:1"}).error();
  EXPECT_EQ(refused.code, errc::invalid_configuration);
  EXPECT_EQ(refused.detail, "the variable QUIRE_LISSEN means nothing; the nearest that does is QUIRE_LISTEN");
  EXPECT_NE(check({"QUIRE_SILENCE=1s"}).error().detail.find("QUIRE_SILENCE_MAX"), std::string::npos);
  EXPECT_NE(check({"QUIRE_ADMIN_LISTENS="}).error().detail.find("QUIRE_ADMIN_LISTEN"), std::string::npos);
}

TEST(environment, all_that_is_unknown_is_named_and_no_value_is) {
  const auto refused = check({"QUIRE_Z=secret", "QUIRE_A=secret"}).error().detail;
  EXPECT_LT(refused.find("QUIRE_A "), refused.find("QUIRE_Z "));
  EXPECT_NE(refused.find("QUIRE_Z "), std::string::npos);
  EXPECT_EQ(refused.find("secret"), std::string::npos);
}

TEST(environment, what_tools_of_ours_are_told_by_may_be_there) {
  EXPECT_TRUE(check({"QUIRE_TRACES=/traces", "QUIRE_SEED=17", "QUIRE_PROGRAM=build/release/quire"}));
}

TEST(environment, what_kubernetes_puts_there_for_a_service_may_be_there) {
  for (const std::string service : {"QUIRE_", "QUIRE_ADMIN_", "QUIRE_2_"}) {
    const std::vector<std::string> entries{service + "SERVICE_HOST=10.0.0.11",
                                           service + "SERVICE_HOST=fd00::1",
                                           service + "SERVICE_PORT=1234",
                                           service + "SERVICE_PORT_HTTP_ALT=1235",
                                           service + "PORT=tcp://10.0.0.11:1234",
                                           service + "PORT=tcp://[fd00::1]:1234",
                                           service + "PORT_1234_TCP=tcp://10.0.0.11:1234",
                                           service + "PORT_1234_TCP_PROTO=tcp",
                                           service + "PORT_1234_TCP_PORT=1234",
                                           service + "PORT_1234_TCP_ADDR=10.0.0.11",
                                           service + "PORT_53_UDP=udp://10.0.0.11:53",
                                           service + "PORT_53_UDP_PROTO=udp",
                                           service + "PORT_9_SCTP_PROTO=sctp"};
    for (const auto& entry : entries)
      EXPECT_TRUE(check({entry})) << entry;
  }
}

TEST(environment, what_only_looks_like_a_service_is_refused) {
  for (const std::string entry :
       {"QUIRE_PORT=8080", "QUIRE_PORT=", "QUIRE_PORT", "QUIRE_PORT=http://10.0.0.11:80", "QUIRE_PORT=tcp://10.0.0.11",
        "QUIRE_SERVICE_HOST=quire.example", "QUIRE_SERVICE_HOST=", "QUIRE_SERVICE_PORT=http",
        "QUIRE_SERVICE_PORTS=1234", "QUIRE_PORT_TCP=tcp://10.0.0.11:80", "QUIRE_PORT_80_TCP_NAME=web",
        "QUIRE_PORT_80_TCP_PROTO=udp2", "QUIRE_ADMIN_PORT=1235"})
    EXPECT_FALSE(check({entry})) << entry;
}

TEST(environment, a_variable_may_have_any_length) {
  EXPECT_FALSE(check({"QUIRE_SERVICE_PORT=" + std::string(1'000'000, '1')}));
  EXPECT_FALSE(check({"QUIRE_" + std::string(100'000, 'A')}));
}

TEST(environment, it_is_that_of_the_process) {
  ASSERT_EQ(setenv("QUIRE_SEED", "18", 1), 0);
  const auto entries = environment();
  EXPECT_NE(std::ranges::find(entries, "QUIRE_SEED=18"), entries.end());
  unsetenv("QUIRE_SEED");
}

}  // namespace quire::gateway
