#include "gateway/metrics.hpp"

#include "gateway/logging.hpp"
#include "protocol/errors.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>
#include <sstream>

namespace quire::gateway {

namespace {

using prometheus::Counter;
using prometheus::Gauge;
using prometheus::Histogram;
using prometheus::Registry;

const Histogram::BucketBoundaries latency_bounds{0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01,
                                                 0.025,   0.05,   0.1,     0.25,   0.5,   1,      2.5,   5};
const Histogram::BucketBoundaries batch_bounds{1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048};

Gauge& gauge(Registry& in, const char* name, const char* help) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(in).Add({});
}

Counter& counter(Registry& in, const char* name, const char* help) {
  return prometheus::BuildCounter().Name(name).Help(help).Register(in).Add({});
}

Histogram& histogram(Registry& in, const char* name, const char* help, const Histogram::BucketBoundaries& bounds) {
  return prometheus::BuildHistogram().Name(name).Help(help).Register(in).Add({}, bounds);
}

double seconds(std::chrono::nanoseconds span) {
  return std::chrono::duration<double>(span).count();
}

void add(Counter& to, std::size_t count) {
  if (count != 0)
    to.Increment(static_cast<double>(count));
}

}  // namespace

struct metrics::parts {
  Registry all;
  Gauge& sessions = gauge(all, "quire_sessions", "Client sessions.");
  Gauge& relays = gauge(all, "quire_relays", "Documents that somebody on this node has open.");
  Gauge& documents = gauge(all, "quire_documents_open", "Documents in memory.");
  Gauge& sockets = gauge(all, "quire_sockets", "Accepted sockets, HTTP and WebSocket.");
  Gauge& connections = gauge(all, "quire_connections", "WebSocket connections.");
  Gauge& queued = gauge(all, "quire_send_queue_bytes", "What waits to be sent to WebSocket clients.");
  Gauge& reads = gauge(all, "quire_store_reads_waiting", "Loads, reads of history and lists that wait for the store.");
  Gauge& waiting = gauge(all, "quire_commit_queue_edits", "Edits that wait for the next commit.");
  Counter& edits = counter(all, "quire_edits_committed_total", "Edits made durable.");
  Counter& operation_bytes = counter(all, "quire_operation_bytes_committed_total", "Bytes of their operations.");
  Counter& received = counter(all, "quire_edits_received_total", "Edits that clients sent.");
  Counter& deliveries = counter(all, "quire_deliveries_total", "Edits queued for connections: one for each of both.");
  Counter& frames = counter(all, "quire_frames_received_total", "WebSocket messages that clients sent.");
  Counter& bytes_in =
    counter(all, "quire_received_bytes_total", "Bytes that clients sent over WebSocket, frame heads included.");
  Counter& bytes_out = counter(all, "quire_sent_bytes_total", "Bytes sent to WebSocket clients, before TLS.");
  Counter& resyncs = counter(all, "quire_resyncs_total", "Send queues dropped because their client was too slow.");
  Counter& snapshots = counter(all, "quire_snapshots_total", "Snapshots stored.");
  Counter& lost = counter(all, "quire_durable_edits_lost_total", "Acknowledged edits that the store lost.");
  Counter& snapshot_bytes = counter(all, "quire_snapshot_bytes_total", "Bytes of them.");
  Histogram& commit = histogram(all, "quire_commit_seconds", "How long a commit took.", latency_bounds);
  Histogram& batch = histogram(all, "quire_commit_edits", "Edits in a commit.", batch_bounds);
  Histogram& load = histogram(all, "quire_document_load_seconds", "How long loading a document took.", latency_bounds);
  Histogram& delivery =
    histogram(all, "quire_delivery_seconds",
              "From a relay's encoded frame of new edits until it was queued for its connections.", latency_bounds);
  prometheus::Family<Counter>& refusals =
    prometheus::BuildCounter().Name("quire_refusals_total").Help("What was refused, by error.").Register(all);
  prometheus::Family<Counter>& answers =
    prometheus::BuildCounter().Name("quire_http_answers_total").Help("HTTP answers, by status.").Register(all);
};

metrics::metrics() : inside_(std::make_unique<parts>()) {}
metrics::~metrics() = default;

void metrics::sessions_changed(int by) {
  inside_->sessions.Increment(by);
}
void metrics::relays_changed(int by) {
  inside_->relays.Increment(by);
}
void metrics::documents_changed(int by) {
  inside_->documents.Increment(by);
}
void metrics::sockets_changed(int by) {
  inside_->sockets.Increment(by);
}
void metrics::connections_changed(int by) {
  inside_->connections.Increment(by);
}
void metrics::commit_queue(std::size_t edits) {
  inside_->waiting.Set(static_cast<double>(edits));
}
void metrics::resynced() {
  inside_->resyncs.Increment();
}

void metrics::committed(std::size_t edits, std::size_t operation_bytes, std::chrono::nanoseconds took) {
  add(inside_->edits, edits);
  add(inside_->operation_bytes, operation_bytes);
  inside_->batch.Observe(static_cast<double>(edits));
  inside_->commit.Observe(seconds(took));
}

void metrics::refused(errc why, std::size_t count) {
  add(inside_->refusals.Add({{"error", std::string(describe(why).name)}}), count);
}

void metrics::refused(std::string_view error) {
  inside_->refusals.Add({{"error", std::string(error)}}).Increment();
}

void metrics::reads_waiting(std::size_t count) {
  inside_->reads.Set(static_cast<double>(count));
}

void metrics::document_loaded(std::chrono::nanoseconds took) {
  inside_->load.Observe(seconds(took));
}

void metrics::snapshot_stored(std::size_t size_bytes) {
  inside_->snapshots.Increment();
  add(inside_->snapshot_bytes, size_bytes);
}

void metrics::durable_edits_lost(std::size_t edits) {
  add(inside_->lost, edits);
}

void metrics::warn(std::string_view what) {
  log().warn("{}", what);
}

void metrics::turn_ended(const turn_counts& did) {
  add(inside_->received, did.edits_received);
  add(inside_->deliveries, did.deliveries);
  add(inside_->frames, did.frames_received);
  add(inside_->bytes_in, did.bytes_received);
  add(inside_->bytes_out, did.bytes_sent);
  if (did.queued_bytes != 0)
    inside_->queued.Increment(static_cast<double>(did.queued_bytes));
}

void metrics::delivered(std::chrono::nanoseconds waited) {
  inside_->delivery.Observe(seconds(waited));
}

void metrics::answered(unsigned http_status) {
  inside_->answers.Add({{"status", std::to_string(http_status)}}).Increment();
}

std::string metrics::text() const {
  std::ostringstream out;
  prometheus::TextSerializer().Serialize(out, inside_->all.Collect());
  return std::move(out).str();
}

}  // namespace quire::gateway
