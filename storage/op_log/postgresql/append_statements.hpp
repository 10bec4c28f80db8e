#pragma once

#include "storage/op_log/postgresql/connection.hpp"

/// The SQL of a lane. Parameters $1 and $2 are always the owner: node and incarnation.
namespace quire::storage::postgresql {

/// The rows of doc_head for documents: doc_id, is live, epoch, is owned, head, chain.
[[nodiscard]] const statement& read_heads() noexcept;

/// The newest generation of a name: doc_id, generation, is deleted, epoch, is owned, head.
[[nodiscard]] const statement& read_newest() noexcept;

/// Appends a batch, sorted by doc_id, each document once; answers the documents that were appended to.
[[nodiscard]] const statement& append_rows() noexcept;

/// The same, and creates documents with it.
[[nodiscard]] const statement& create_and_append_rows() noexcept;

/// client_id and client_seq of a document's rows after a revision.
[[nodiscard]] const statement& read_edits() noexcept;

/// A barrier: writes to heads that are as given, and answers which those are.
[[nodiscard]] const statement& touch_heads() noexcept;

}  // namespace quire::storage::postgresql
