#include "gateway/static_files.hpp"

#include "protocol/limits.hpp"
#include "tests/fixture/temporary_folder.hpp"

#include <fstream>
#include <gtest/gtest.h>

namespace quire::gateway {

namespace {

namespace fs = std::filesystem;

class static_files_of_a_folder : public testing::Test {
 protected:
  static_files_of_a_folder() {
    write("secret.txt", "a secret beside the pages");
    write("pages/index.html", "the start");
    write("pages/assets/main-a1B2c3D4.js", "code");
    write("pages/assets/logo.svg", "picture");
    write("pages/.hidden", "not for anybody");
  }

  void write(const std::string& name, std::string_view content) {
    const auto file = folder_.path() / name;
    fs::create_directories(file.parent_path());
    std::ofstream(file) << content;
  }

  /// An application in a folder of its own.
  void write_notes() {
    write("pages/notes/index.html", "the notes");
    write("pages/notes/assets/main-e5F6g7H8.js", "code of the notes");
  }

  [[nodiscard]] static_files pages() const { return static_files::read(folder_.path() / "pages").value(); }

  static std::string text_of(const http::answer& answer) {
    return answer.body ? std::string(as_text(*answer.body)) : std::string();
  }

  fixture::temporary_folder folder_;
};

}  // namespace

TEST_F(static_files_of_a_folder, the_start_page_is_also_that_of_every_document) {
  for (const auto* path : {"/", "/index.html", "/d/acme/plan", "/d/x"})
    EXPECT_EQ(text_of(pages().find(path, "")), "the start") << path;
}

TEST_F(static_files_of_a_folder, a_folder_within_has_a_start_page_and_documents_of_its_own) {
  write_notes();
  for (const auto* path :
       {"/notes/", "/notes/index.html", "/notes/d/x", "/notes/d/", "/notes/d/a/d/b/", "/notes/d/../x"})
    EXPECT_EQ(text_of(pages().find(path, "")), "the notes") << path;
  for (const auto* path : {"/d/notes/", "/d/x/notes/d/y", "/d/notes/index.html"})
    EXPECT_EQ(text_of(pages().find(path, "")), "the start") << path;
  for (const auto* path : {"/notes", "/notes/x", "/notes/x/", "/other/", "/other/d/x", "notes/", "", "d/x"})
    EXPECT_EQ(pages().find(path, "").status, http::status::not_found) << path;
}

TEST_F(static_files_of_a_folder, no_path_leads_out_of_the_folder) {
  for (const auto* path : {"/../secret.txt", "/assets/../../secret.txt", "//secret.txt", "/./index.html", "/.hidden",
                           "/assets/", "/assets", "/assets/..\\..\\secret.txt"})
    EXPECT_EQ(pages().find(path, "").status, http::status::not_found) << path;
}

TEST_F(static_files_of_a_folder, symbolic_links_are_not_followed) {
  fs::create_symlink(folder_.path() / "secret.txt", folder_.path() / "pages/link.txt");
  fs::create_directory_symlink(folder_.path(), folder_.path() / "pages/up");
  EXPECT_EQ(pages().find("/link.txt", "").status, http::status::not_found);
  EXPECT_EQ(pages().find("/up/secret.txt", "").status, http::status::not_found);
}

TEST_F(static_files_of_a_folder, only_names_with_a_hash_are_kept_for_ever) {
  write_notes();
  const auto caching = [&](std::string_view path) {
    const auto value = pages().find(path, "").fields[http::field::cache_control];
    return std::string(value.data(), value.size());
  };
  EXPECT_EQ(caching("/assets/main-a1B2c3D4.js"), "public, max-age=31536000, immutable");
  EXPECT_EQ(caching("/notes/assets/main-e5F6g7H8.js"), "public, max-age=31536000, immutable");
  for (const auto* path : {"/assets/logo.svg", "/", "/notes/", "/notes/d/x"})
    EXPECT_EQ(caching(path), "no-cache") << path;
}

TEST_F(static_files_of_a_folder, who_has_a_page_is_not_sent_it_again) {
  const auto first = pages().find("/", "");
  const auto tag = first.fields[http::field::etag];
  const auto again = pages().find("/", {tag.data(), tag.size()});
  EXPECT_EQ(again.status, http::status::not_modified);
  EXPECT_EQ(text_of(again), "");
}

TEST_F(static_files_of_a_folder, as_much_is_served_as_may_be_and_more_is_an_error) {
  const std::size_t others = text_of(pages().find("/", "")).size() +
                             text_of(pages().find("/assets/main-a1B2c3D4.js", "")).size() +
                             text_of(pages().find("/assets/logo.svg", "")).size();
  write("pages/assets/large.wasm", "");
  const auto grow_to = [&](std::size_t size) { fs::resize_file(folder_.path() / "pages/assets/large.wasm", size); };
  grow_to(limits::static_files_bytes_max - others);
  EXPECT_EQ(pages().find("/assets/large.wasm", "").body->size(), limits::static_files_bytes_max - others);
  grow_to(limits::static_files_bytes_max - others + 1);
  EXPECT_EQ(static_files::read(folder_.path() / "pages").error().code, errc::invalid_configuration);
}

TEST(static_files, a_folder_that_is_not_there_is_an_error) {
  EXPECT_EQ(static_files::read("/nowhere/at/all").error().code, errc::invalid_configuration);
}

}  // namespace quire::gateway
