#include "storage/snapshot_seal.hpp"

#include "protocol/limits.hpp"
#include "storage/little_endian.hpp"

#include <xxhash.h>
#include <zstd.h>

namespace quire::storage {

namespace {

constexpr int compression_level = 3;  // zstd's own default: the next ones cost more time than they save space

checksum seal_of(const sealed_snapshot& sealed) {
  bytes head;
  append_number(head, sealed.revision.value());
  append_number(head, sealed.format);
  const auto before = XXH64(head.data(), head.size(), sealed.chain);
  return XXH64(sealed.body.data(), sealed.body.size(), before);
}

}  // namespace

result<sealed_snapshot> seal(const snapshot& taken, checksum chain) {
  sealed_snapshot sealed{taken.revision, taken.format, chain, 0, {}};
  sealed.body.resize(ZSTD_compressBound(taken.body.size()));
  const auto size =
    ZSTD_compress(sealed.body.data(), sealed.body.size(), taken.body.data(), taken.body.size(), compression_level);
  if (ZSTD_isError(size) != 0)
    return fail(errc::internal, std::string("a snapshot does not compress: ") + ZSTD_getErrorName(size));
  sealed.body.resize(size);
  sealed.seal = seal_of(sealed);
  return sealed;
}

sealed_snapshot resealed(sealed_snapshot sealed, checksum chain) {
  sealed.chain = chain;
  sealed.seal = seal_of(sealed);
  return sealed;
}

result<snapshot> unseal(const sealed_snapshot& sealed) {
  if (seal_of(sealed) != sealed.seal)
    return fail(errc::document_damaged, "the snapshot does not match its checksum");
  const auto size = ZSTD_getFrameContentSize(sealed.body.data(), sealed.body.size());
  // Also where zstd says that it knows no size: its two answers for that are the greatest numbers.
  if (size > limits::snapshot_bytes_max)
    return fail(errc::document_damaged, "the snapshot says that it is larger than a snapshot can be");
  snapshot opened{sealed.revision, sealed.format, bytes(size)};
  const auto unpacked = ZSTD_decompress(opened.body.data(), size, sealed.body.data(), sealed.body.size());
  if (unpacked != size)
    return fail(errc::document_damaged, "the snapshot does not unpack");
  return opened;
}

}  // namespace quire::storage
