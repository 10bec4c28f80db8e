#include "gateway/configuration.hpp"

#include "gateway/environment.hpp"
#include "storage/store_address.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <map>
#include <memory>
#include <set>
#include <utility>

namespace quire::gateway {

namespace {

bool is_in_environment(std::string_view option) {
  const char* const value = std::getenv(variable_of(option).c_str());
  return value && *value != '\0';
}

/// Reads the file, and notes which keys came from it. CLI11 would let it go before the environment, so keys that have a
/// variable are left out.
class noting_file_reader final : public CLI::ConfigTOML {
 public:
  explicit noting_file_reader(std::set<std::string>& noted) : noted_(noted) {}

  std::vector<CLI::ConfigItem> from_config(std::istream& in) const override {
    auto keys = CLI::ConfigTOML::from_config(in);
    std::erase_if(keys, [](const auto& key) { return key.parents.empty() && is_in_environment(key.name); });
    for (const auto& key : keys)
      noted_.insert(key.fullname());
    return keys;
  }

 private:
  std::set<std::string>& noted_;
};

using milliseconds = std::chrono::milliseconds;

/// The one declaration of every option.
class declaration {
 public:
  /// `noted`: the keys that come from the file.
  declaration(CLI::App& app, configuration& into, std::set<std::string>& noted) : app_(app), into_(into) {
    declare_file(noted);
    declare_places();
    declare_bounds();
    declare_times();
    declare_logs();
  }

 private:
  void declare_file(std::set<std::string>& noted) {
    app_.set_config("--config", "", "A file of the same keys: key = \"value\", one a line (TOML)")
      ->envname(variable_of("config"));
    app_.config_formatter(std::make_shared<noting_file_reader>(noted));
    app_.allow_config_extras(CLI::config_extras_mode::error);
  }

  void declare_places() {
    app_.option_defaults()->group("Where");
    add("listen", into_.listen, "Where clients connect, HOST:PORT; port 0: any that is free");
    add("admin-listen", into_.admin_listen, "Where operators do: /healthz, /readyz, /metrics")
      ->default_str("127.0.0.1, the port after that of listen");
    add("store", into_.store, "sqlite:FILE, postgresql://..., or memory: nothing outlives the process");
    add("static-dir", into_.static_dir, "A folder of pages to serve");
    add("allow-origin", into_.allow_origin,
        "An origin whose pages may connect, besides our own host's; may be repeated");
    add("tls-certificate", into_.tls_certificate, "PEM file: the certificate chain; with it, --listen speaks TLS");
    add("tls-key", into_.tls_key, "PEM file: its key");
    name(
      app_.add_flag("--insecure", into_.insecure, "Listen elsewhere than on loopback although nobody is authenticated"),
      "insecure");
  }

  void declare_bounds() {
    app_.option_defaults()->group("How much");
    add("io-threads", into_.io_threads, "Threads that serve sockets")->check(CLI::Range(1, 64));
    add("worker-threads", into_.worker_threads, "Threads that run actors")->check(CLI::Range(1, 64));
    add("connections-max", into_.connections_max, "WebSocket connections; over it 503");
    add("handshakes-max", into_.handshakes_max, "Sockets of a thread without request or hello; over it the oldest goes")
      ->check(CLI::Range(1, 1'000'000));
    add("send-queue-bytes-max", into_.send_queue_bytes_max, "What may wait for one slow client before it must resync");
    add("document-bytes-max", into_.document_bytes_max, "The size of a document");
    add("snapshot-after-operations", into_.snapshot_after_operations, "A snapshot is stored after so many edits");
    add("snapshot-after-bytes", into_.snapshot_after_bytes, "or so many bytes of operations");
    add("retain", into_.retain,
        "What of a document's history is kept: all; 30d, what is younger, and labels; or labels");
    add("retain-for", into_.retain_for, "ORGANISATION=WHAT: the same for one organisation; may be repeated");
  }

  void declare_times() {
    app_.option_defaults()->group("How long (10s, 500ms; a bare number is milliseconds)");
    add("hello-timeout", into_.hello_timeout, "From the connection until hello");
    add("keepalive-interval", into_.keepalive_interval, "Between pings to a quiet client");
    add("silence-max", into_.silence_max, "Until a client that says nothing is closed");
    add("send-queue-age-max", into_.send_queue_age_max, "What waits for one slow client before it must resync");
    add("document-idle", into_.document_idle, "Until a document that nobody has open leaves memory");
    add("relay-idle", into_.relay_idle, "Until what serves its sessions does");
    add("reconnect-spread", into_.reconnect_spread, "Over which clients come back after the server stops");
    add("shutdown-patience", into_.shutdown_patience, "For clients and commits when the server stops");
  }

  void declare_logs() {
    app_.option_defaults()->group("Logs, on stderr");
    static const std::map<std::string, log_format> formats{{"text", log_format::text}, {"json", log_format::json}};
    name(app_
           .add_option_function<std::string>(
             "--log-format", [this](const std::string& word) { into_.log_format = formats.at(word); },
             "text or json: a JSON object a line")
           ->check(CLI::IsMember({"text", "json"}))
           ->default_str("text"),
         "log-format");
    add("log-level", into_.log_level, "trace, debug, info, warn, error or off")
      ->check(CLI::IsMember({"trace", "debug", "info", "warn", "error", "off"}));
  }

  template <class Value>
  CLI::Option* add(const std::string& option, Value& value, const std::string& what) {
    return name(app_.add_option("--" + option, value, what)->capture_default_str(), option);
  }

  CLI::Option* add(const std::string& option, milliseconds& value, const std::string& what) {
    const auto default_text = std::to_string(value.count()) + "ms";
    return name(
      app_
        .add_option_function<double>(
          "--" + option, [&value](double count) { value = milliseconds(static_cast<milliseconds::rep>(count)); }, what)
        ->transform(CLI::AsNumberWithUnit(std::map<std::string, double>{{"ms", 1}, {"s", 1'000}, {"min", 60'000}},
                                          CLI::AsNumberWithUnit::CASE_SENSITIVE, "TIME"))
        ->check(CLI::PositiveNumber)
        ->default_str(default_text),
      option);
  }

  CLI::Option* name(CLI::Option* option, const std::string& long_name) {
    return option->envname(variable_of(long_name));
  }

  CLI::App& app_;
  configuration& into_;
};

std::string origin_of(const CLI::Option& option, const std::set<std::string>& on_line,
                      const std::set<std::string>& in_file) {
  const std::string& name = option.get_single_name();
  if (on_line.contains(name))
    return "flag";
  if (is_in_environment(name))
    return "environment";
  return in_file.contains(name) ? "file" : "default";
}

std::set<std::string> named_on_line(const CLI::App& app, std::span<const std::string> arguments) {
  std::set<std::string> named;
  for (const CLI::Option* option : app.get_options())
    for (const std::string& argument : arguments) {
      const auto flag = "--" + option->get_single_name();
      if (argument == flag || argument.starts_with(flag + "="))
        named.insert(option->get_single_name());
    }
  return named;
}

std::string value_of(const CLI::Option& option) {
  if (option.count() == 0)
    return option.get_expected_min() == 0 ? "false" : option.get_default_str();
  const auto value = CLI::detail::join(option.results(), ",");
  return option.get_single_name() == "store" ? storage::without_password(value) : value;
}

bool is_setting(const CLI::Option& option) {
  return !option.get_envname().empty();
}

std::vector<std::string> variables_in(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options())
    if (is_setting(*option))
      names.push_back(option->get_envname());
  return names;
}

result<void> check_together(const configuration& values) {
  if (values.tls_certificate.empty() != values.tls_key.empty())
    return fail(errc::invalid_configuration, "tls-certificate and tls-key go together");
  if (values.silence_max <= values.keepalive_interval)
    return fail(errc::invalid_configuration, "silence-max must be longer than keepalive-interval");
  if (auto kept = retention_of(values); !kept)
    return tl::unexpected(kept.error());
  return {};
}

}  // namespace

result<actors::retention> retention_of(const configuration& values) {
  actors::retention made;
  const auto others = actors::parse_retention(values.retain);
  if (!others)
    return fail(errc::invalid_configuration, "retain: " + others.error().detail);
  made.others = *others;
  for (const auto& each : values.retain_for) {
    const auto mark = each.rfind('=');
    if (mark == std::string::npos || mark == 0)
      return fail(errc::invalid_configuration, "retain-for: say ORGANISATION=WHAT, not \"" + each + "\"");
    const auto policy = actors::parse_retention(std::string_view(each).substr(mark + 1));
    if (!policy)
      return fail(errc::invalid_configuration, "retain-for: " + policy.error().detail);
    made.organisations[each.substr(0, mark)] = *policy;
  }
  return made;
}

result<std::variant<configured, help_text>> configure(const std::string& program, const std::string& purpose,
                                                      std::span<const std::string> arguments) {
  CLI::App app(purpose, program);
  configured made;
  std::set<std::string> in_file;
  const declaration all(app, made.values, in_file);
  try {
    std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
    app.parse(reversed);
  } catch (const CLI::CallForHelp&) {
    return help_text{app.help()};
  } catch (const CLI::ParseError& wrong) {
    return fail(errc::invalid_configuration, wrong.what());
  }
  if (auto checked = check_variables(variables_in(app), environment()); !checked)
    return tl::unexpected(checked.error());
  const auto on_line = named_on_line(app, arguments);
  for (const CLI::Option* option : app.get_options())
    if (is_setting(*option))
      made.listed.push_back({option->get_single_name(), value_of(*option), origin_of(*option, on_line, in_file)});
  if (auto checked = check_together(made.values); !checked)
    return tl::unexpected(checked.error());
  return made;
}

result<void> check_environment() {
  CLI::App app;
  configuration values;
  std::set<std::string> in_file;
  const declaration all(app, values, in_file);
  return check_variables(variables_in(app), environment());
}

}  // namespace quire::gateway
