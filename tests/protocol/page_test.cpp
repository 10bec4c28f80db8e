#include "protocol/errors.hpp"

#include "tests/protocol/golden_frames.hpp"

#include <gtest/gtest.h>
#include <sstream>

namespace quire::protocol {
namespace {

const auto page = read_source_file("docs/protocol.md");

/// The examples of the page by name: blocks of kind `hex`, with comments from `#` to the line's end.
std::map<std::string, bytes> examples() {
  std::map<std::string, bytes> found;
  std::istringstream lines{page};
  const std::string_view fence = "```hex ";
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with(fence))
      continue;
    const auto name = line.substr(fence.size());
    std::string digits;
    while (std::getline(lines, line) && line != "```")
      digits += line.substr(0, line.find('#'));
    found[name] = from_hex(digits);
  }
  return found;
}

std::string_view to_string(fault whose) {
  return whose == fault::client ? "client" : whose == fault::server ? "server" : "nobody";
}

TEST(protocol_page, each_message_has_an_example_with_its_golden_bytes) {
  const auto shown = examples();
  const auto golden = golden_frames();
  EXPECT_EQ(shown.size(), golden.size());
  for (const auto& [name, frame] : golden) {
    ASSERT_TRUE(shown.contains(name)) << name;
    EXPECT_EQ(shown.at(name), frame.data) << name;
  }
}

TEST(protocol_page, the_table_of_errors_is_the_one_that_the_engine_has) {
  int number = 1;
  for (; describe(static_cast<errc>(number)).code == static_cast<errc>(number); ++number) {
    const auto& row = describe(static_cast<errc>(number));
    std::ostringstream line;
    line << "\n| " << number << " | `" << row.name << "` | " << to_string(row.fault) << " | "
         << quire::to_string(row.remedy) << " | " << row.close_code << " | ";
    EXPECT_NE(page.find(line.str()), std::string::npos) << line.str();
  }
  EXPECT_EQ(page.find("\n| " + std::to_string(number) + " | `"), std::string::npos) << "the page has more errors";
}

}  // namespace
}  // namespace quire::protocol
