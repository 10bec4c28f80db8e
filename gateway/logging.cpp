#include "gateway/logging.hpp"

#include <array>
#include <memory>
#include <nlohmann/json.hpp>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/null_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <utility>

namespace quire::gateway {

namespace {

/// The message as a JSON string: whatever is in it, a line stays one JSON object.
class json_text final : public spdlog::custom_flag_formatter {
 public:
  void format(const spdlog::details::log_msg& message, const std::tm&, spdlog::memory_buf_t& out) override {
    const auto text = nlohmann::json(std::string(message.payload.data(), message.payload.size()))
                        .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    out.append(text.data(), text.data() + text.size());
  }

  [[nodiscard]] std::unique_ptr<custom_flag_formatter> clone() const override { return std::make_unique<json_text>(); }
};

std::unique_ptr<spdlog::formatter> make_formatter(log_format format) {
  auto made = std::make_unique<spdlog::pattern_formatter>(spdlog::pattern_time_type::utc);
  made->add_flag<json_text>('J');
  made->set_pattern(format == log_format::json ? R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l","message":%J})"
                                               : "%Y-%m-%d %H:%M:%S.%e %-7l %v");
  return made;
}

std::shared_ptr<spdlog::logger>& the_log() {
  static auto one = std::make_shared<spdlog::logger>("quire", std::make_shared<spdlog::sinks::null_sink_mt>());
  return one;
}

}  // namespace

spdlog::logger& log() {
  return *the_log();
}

result<void> start_logging(log_format format, std::string_view level) {
  constexpr std::array levels{"trace", "debug", "info", "warn", "error", "off"};
  if (std::find(levels.begin(), levels.end(), level) == levels.end())
    return fail(errc::invalid_configuration, "no such log level: " + std::string(level));
  auto made = std::make_shared<spdlog::logger>("quire", std::make_shared<spdlog::sinks::stderr_sink_mt>());
  made->set_formatter(make_formatter(format));
  made->set_level(spdlog::level::from_str(std::string(level)));
  made->flush_on(spdlog::level::trace);
  the_log() = std::move(made);
  return {};
}

}  // namespace quire::gateway
