#include "gateway/configuration.hpp"

#include "gateway/environment.hpp"
#include "tests/fixture/temporary_folder.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <gtest/gtest.h>

namespace quire::gateway {

namespace {

using namespace std::chrono_literals;
using arguments = std::vector<std::string>;

result<std::variant<configured, help_text>> ask(const arguments& given) {
  return configure("quire serve", "Serves.", given);
}

configured read(const arguments& given) {
  return std::get<configured>(ask(given).value());
}

std::string origin_of(const configured& known, const std::string& name) {
  return std::find_if(known.listed.begin(), known.listed.end(), [&](const auto& one) { return one.name == name; })
    ->origin;
}

class variable {
 public:
  variable(const char* name, const char* value) : name_(name) { setenv(name, value, 1); }
  ~variable() { unsetenv(name_); }

 private:
  const char* name_;
};

class configuration_file {
 public:
  explicit configuration_file(std::string_view content) : name_((folder_.path() / "quire.toml").string()) {
    std::ofstream(name_) << content;
  }

  [[nodiscard]] const std::string& name() const { return name_; }

 private:
  fixture::temporary_folder folder_;
  std::string name_;
};

}  // namespace

TEST(configuration, without_a_word_it_is_the_default) {
  const auto known = read({});
  EXPECT_EQ(known.values.listen, "127.0.0.1:1234");
  EXPECT_EQ(known.values.silence_max, 20s);
  EXPECT_EQ(origin_of(known, "silence-max"), "default");
}

TEST(configuration, a_flag_goes_before_a_variable_and_that_before_the_file) {
  const configuration_file file(
    "store = \"sqlite:file.db\"\nlisten = \"127.0.0.1:1\"\nadmin-listen = \"127.0.0.1:2\"\n");
  const variable first("QUIRE_LISTEN", "127.0.0.1:3");
  const variable second("QUIRE_ADMIN_LISTEN", "127.0.0.1:4");
  const auto known = read({"--config", file.name(), "--admin-listen", "127.0.0.1:5"});
  EXPECT_EQ(known.values.store, "sqlite:file.db");
  EXPECT_EQ(origin_of(known, "store"), "file");
  EXPECT_EQ(known.values.listen, "127.0.0.1:3");
  EXPECT_EQ(origin_of(known, "listen"), "environment");
  EXPECT_EQ(known.values.admin_listen, "127.0.0.1:5");
  EXPECT_EQ(origin_of(known, "admin-listen"), "flag");
}

TEST(configuration, a_time_has_its_unit_or_is_in_milliseconds) {
  EXPECT_EQ(read({"--hello-timeout", "3s"}).values.hello_timeout, 3s);
  EXPECT_EQ(read({"--hello-timeout", "250ms"}).values.hello_timeout, 250ms);
  EXPECT_EQ(read({"--hello-timeout=2min"}).values.hello_timeout, 2min);
  EXPECT_EQ(read({"--hello-timeout", "700"}).values.hello_timeout, 700ms);
  EXPECT_FALSE(ask({"--hello-timeout", "3 fortnights"}));
  EXPECT_FALSE(ask({"--hello-timeout", "0s"}));
}

TEST(configuration, several_origins_may_be_allowed) {
  const auto known = read({"--allow-origin", "https://a.example", "--allow-origin", "https://b.example"});
  EXPECT_EQ(known.values.allow_origin, (std::vector<std::string>{"https://a.example", "https://b.example"}));
}

TEST(configuration, unknown_keys_are_refused_wherever_they_are) {
  EXPECT_EQ(ask({"--lissen", "127.0.0.1:1"}).error().code, errc::invalid_configuration);
  EXPECT_FALSE(ask({"stray"}));
  const configuration_file file("lissen = \"127.0.0.1:1\"\n");
  EXPECT_FALSE(ask({"--config", file.name()}));
  const variable misspelt("QUIRE_LISSEN", "127.0.0.1:1");
  EXPECT_EQ(ask({}).error().code, errc::invalid_configuration);
  EXPECT_EQ(check_environment().error().code, errc::invalid_configuration);
}

TEST(configuration, each_key_may_be_a_variable_also_for_who_reads_only_one) {
  for (const configured_value& one : read({}).listed) {
    const auto name = variable_of(one.name);
    const variable empty(name.c_str(), "");
    EXPECT_TRUE(ask({})) << name;
    EXPECT_TRUE(check_environment()) << name;
  }
}

TEST(configuration, help_is_given_in_any_environment) {
  const variable misspelt("QUIRE_LISSEN", "127.0.0.1:1");
  EXPECT_TRUE(std::holds_alternative<help_text>(ask({"--help"}).value()));
}

TEST(configuration, a_file_that_is_not_there_is_an_error) {
  EXPECT_FALSE(ask({"--config", "/nowhere/quire.toml"}));
}

TEST(configuration, a_certificate_needs_its_key) {
  EXPECT_FALSE(ask({"--tls-certificate", "a.pem"}));
  EXPECT_TRUE(ask({"--tls-certificate", "a.pem", "--tls-key", "b.pem"}));
}

TEST(configuration, what_is_kept_is_all_labels_or_days_for_all_or_for_an_organisation) {
  using what = actors::retention_policy::what;
  const auto kept = [](const arguments& given) { return retention_of(read(given).values).value(); };
  EXPECT_EQ(kept({}).of("acme").keeps, what::all);
  const auto some = kept({"--retain", "30d", "--retain-for", "acme=labels", "--retain-for", "a=b=all"});
  EXPECT_EQ(some.of("others"), (actors::retention_policy{what::recent, 30 * 24h}));
  EXPECT_EQ(some.of("acme").keeps, what::labelled);
  EXPECT_EQ(some.of("a=b").keeps, what::all) << "an organisation's name may have the mark in it";
}

TEST(configuration, what_is_kept_must_be_said_rightly) {
  for (const auto* wrong :
       {"", "0d", "-1d", "30", "30h", "d", "1.5d", "36501d", "99999999999d", "ALL", "label", "30d "}) {
    const auto refused = ask({"--retain", wrong});
    ASSERT_FALSE(refused) << wrong;
    EXPECT_EQ(refused.error().code, errc::invalid_configuration);
    EXPECT_EQ(refused.error().detail,
              "retain: what is kept is all, labels or a number of days as in 30d, not \"" + std::string(wrong) + "\"");
  }
  EXPECT_EQ(ask({"--retain-for", "acme"}).error().detail, "retain-for: say ORGANISATION=WHAT, not \"acme\"");
  EXPECT_EQ(ask({"--retain-for", "=all"}).error().detail, "retain-for: say ORGANISATION=WHAT, not \"=all\"");
  EXPECT_EQ(ask({"--retain-for", "acme=some"}).error().detail,
            "retain-for: what is kept is all, labels or a number of days as in 30d, not \"some\"");
  EXPECT_TRUE(ask({"--retain", "36500d"}));
}

TEST(configuration, help_names_every_key_and_its_variable) {
  const auto help = std::get<help_text>(ask({"--help"}).value()).text;
  for (const configured_value& one : read({}).listed)
    EXPECT_NE(help.find("--" + one.name), std::string::npos) << one.name;
  EXPECT_NE(help.find("QUIRE_LISTEN"), std::string::npos);
}

}  // namespace quire::gateway
