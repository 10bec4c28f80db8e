#include "actors/types/text/snapshot.hpp"

#include "actors/types/text/codec.hpp"
#include "actors/types/utf8.hpp"

#include <msgpack.hpp>

namespace quire::actors::types::text {

namespace {

class appender {
 public:
  explicit appender(bytes& out) : out_(out) {}
  void write(const char* data, std::size_t size) { append(out_, as_bytes({data, size})); }

 private:
  bytes& out_;
};

// [content, [operation...]]: a string and then binaries, at these depths only.
class snapshot_visitor : public msgpack::null_visitor {
 public:
  [[nodiscard]] bool is_complete() const noexcept { return has_content_ && has_operations_ && depth_ == 0; }
  snapshot_content take() && { return std::move(read_); }

  bool visit_nil() { return false; }
  bool visit_boolean(bool) { return false; }
  bool visit_positive_integer(std::uint64_t) { return false; }
  bool visit_negative_integer(std::int64_t) { return false; }
  bool visit_float32(float) { return false; }
  bool visit_float64(double) { return false; }
  bool visit_ext(const char*, std::uint32_t) { return false; }
  bool start_map(std::uint32_t) { return false; }

  bool start_array(std::uint32_t size) {
    ++depth_;
    if (depth_ == 1)
      return size == 2;
    has_operations_ = depth_ == 2 && has_content_;
    return has_operations_;
  }

  bool end_array() {
    --depth_;
    return true;
  }

  bool visit_str(const char* data, std::uint32_t size) {
    if (depth_ != 1 || has_content_)
      return false;
    has_content_ = true;
    read_.content = {data, size};
    return utf8::is_valid(read_.content);
  }

  bool visit_bin(const char* data, std::uint32_t size) {
    read_.operations.push_back(as_bytes({data, size}));
    return depth_ == 2 && decode(read_.operations.back(), own_codec_limits).has_value();
  }

 private:
  std::size_t depth_ = 0;
  bool has_content_ = false;
  bool has_operations_ = false;
  snapshot_content read_;
};

}  // namespace

void write_snapshot(const rope& content, const history& operations, bytes& out) {
  appender sink(out);
  msgpack::packer<appender> pack(sink);
  pack.pack_array(2);
  pack.pack_str(static_cast<std::uint32_t>(content.size().bytes));
  content.for_each_run([&](std::string_view run) { sink.write(run.data(), run.size()); });
  pack.pack_array(static_cast<std::uint32_t>(operations.size()));
  for (std::size_t i = 0; i < operations.size(); ++i) {
    const std::string_view encoded = as_text(operations[i]);
    const auto size = static_cast<std::uint32_t>(encoded.size());
    pack.pack_bin(size).pack_bin_body(encoded.data(), size);
  }
}

result<snapshot_content> read_snapshot(bytes_view snapshot) {
  const std::string_view data = as_text(snapshot);
  snapshot_visitor visitor;
  std::size_t offset = 0;
  const bool is_whole = !data.empty() && msgpack::parse(data.data(), data.size(), offset, visitor);
  if (!is_whole || offset != data.size() || !visitor.is_complete())
    return fail(errc::document_damaged, "not a snapshot of a text");
  return std::move(visitor).take();
}

}  // namespace quire::actors::types::text
