#include "gateway/commands/store_arguments.hpp"

#include "gateway/configuration.hpp"
#include "protocol/name_check.hpp"

#include <iostream>

namespace quire::gateway::commands {

result<document_name> document_in(const std::string& text) {
  const auto slash = text.find('/');
  document_name made = slash == std::string::npos ? document_name{"default", text}
                                                  : document_name{text.substr(0, slash), text.substr(slash + 1)};
  if (auto checked = check_name(made); !checked)
    return tl::unexpected(checked.error());
  return made;
}

parsed parse(const std::string& program, const std::string& purpose, std::span<const std::string> arguments,
             std::string& store, const std::function<void(CLI::App&)>& add_more) {
  CLI::App app(purpose, program);
  store = configuration().store;
  app.add_option("--store", store, "sqlite:FILE or postgresql://...")->envname("QUIRE_STORE")->capture_default_str();
  add_more(app);
  try {
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
  } catch (const CLI::ParseError& stopped) {
    return {true, app.exit(stopped) == 0 ? 0 : 2};
  }
  if (auto checked = check_environment(); !checked)
    return {true, report(program, checked.error())};
  return {};
}

parsed parse(const std::string& program, const std::string& purpose, std::span<const std::string> arguments,
             store_arguments& into, const std::function<void(CLI::App&)>& add_more) {
  std::string document;
  const auto line = parse(program, purpose, arguments, into.store, [&](CLI::App& app) {
    app.add_option("DOCUMENT", document, document_form);
    add_more(app);
  });
  if (line.is_done)
    return line;
  if (document.empty())
    return {};
  auto named = document_in(document);
  if (!named)
    return {true, report(program, named.error())};
  into.document = std::move(*named);
  return {};
}

int report(const std::string& program, const error& what) {
  std::cerr << program << ": " << what.detail << "\n";
  return what.code == errc::invalid_configuration || what.code == errc::invalid_name ? 2 : 1;
}

}  // namespace quire::gateway::commands
