// Which figures the table shows, and how: the rows of docs/benchmarks.md.

/** A row: scenario, what it says, where in the load generator's JSON, factor to the row's unit, decimals. */
export const rows = [
  row('S1', 'edits/s', ['figures', 'edits_per_s'], 1, 0),
  row('S1', 'ack p50, µs', ['ack_us', 'p50'], 1, 0),
  row('S1', 'ack p99, µs', ['ack_us', 'p99'], 1, 0),
  row('S1', 'one commit of the store, p50, µs', ['figures', 'commit_p50_us'], 1, 0),
  row('S1', 'ack p50 above one commit, µs', ['figures', 'ack_p50_above_commit_us'], 1, 0),
  row('S1', 'server CPU, ms per 1,000 edits', ['figures', 'cpu_ms_per_1k_edits'], 1, 1),
  row('S1', "the store's processes' CPU, ms per 1,000 edits", ['figures', 'store_cpu_ms_per_1k_edits'], 1, 1),
  row('S2', 'delivery p50, ms', ['delivery_us', 'p50'], 1e-3, 2),
  row('S2', 'delivery p99, ms', ['delivery_us', 'p99'], 1e-3, 2),
  row('S3', 'delivery p50, ms', ['delivery_us', 'p50'], 1e-3, 2),
  row('S3', 'delivery p99, ms', ['delivery_us', 'p99'], 1e-3, 2),
  row('S4', 'delivery p50, ms', ['delivery_us', 'p50'], 1e-3, 2),
  row('S4', 'delivery p99, ms', ['delivery_us', 'p99'], 1e-3, 2),
  row('S5', 'edits/s', ['figures', 'edits_per_s'], 1, 0),
  row('S5', 'delivery p99, ms', ['delivery_us', 'p99'], 1e-3, 2),
  row('S5', 'server CPU, ms per 1,000 edits', ['figures', 'cpu_ms_per_1k_edits'], 1, 1),
  row('S5', "the store's processes' CPU, ms per 1,000 edits", ['figures', 'store_cpu_ms_per_1k_edits'], 1, 1),
  row('S5b', 'edits/s', ['figures', 'edits_per_s'], 1, 0),
  row('S5b', 'delivery p99, ms', ['delivery_us', 'p99'], 1e-3, 2),
  row('S5b', 'server CPU, ms per 1,000 edits', ['figures', 'cpu_ms_per_1k_edits'], 1, 1),
  row('S5b', "the store's processes' CPU, ms per 1,000 edits", ['figures', 'store_cpu_ms_per_1k_edits'], 1, 1),
  row('S1', 'resident before the first connection, MiB', ['figures', 'resident_kib_before'], 1 / 1024, 1),
  row('S6', 'KiB per connection, 500 documents', ['figures', 'kib_per_connection'], 1, 1),
  row('S6', 'KiB per open document, its connections left out', ['figures', 'kib_per_open_document'], 1, 1),
  row('S6', 'idle CPU, % of one processor', ['figures', 'server_cpu_percent'], 1, 2),
  row('S6b', 'KiB per connection, one document', ['figures', 'kib_per_connection'], 1, 1),
  row('S7', 'until all are in sync, ms', ['figures', 'in_sync_ms'], 1, 0),
  row('S7', 'server CPU, s', ['figures', 'server_cpu_s'], 1, 2),
  row('S8', 'edits/s', ['figures', 'edits_per_s'], 1, 0),
  row('S8', 'server CPU, s per 100,000 deliveries', ['figures', 'cpu_s_per_100k_deliveries'], 1, 2),
  row('S9', 'deliveries/s', ['figures', 'deliveries_per_s'], 1, 0),
  row('S9', 'delivery p99, ms', ['delivery_us', 'p99'], 1e-3, 1),
  row('S9', 'server CPU, s per 100,000 deliveries', ['figures', 'cpu_s_per_100k_deliveries'], 1, 3),
  row('S10', 'open p50, ms', ['open_us', 'p50'], 1e-3, 2),
  row('S10', 'open, the longest, ms', ['open_us', 'max'], 1e-3, 2),
  row('S11', 'until the last is live, ms', ['figures', 'in_sync_ms'], 1, 0),
  row('S11', 'open p50, ms', ['open_us', 'p50'], 1e-3, 1),
  row('S11', 'open p99, ms', ['open_us', 'p99'], 1e-3, 1),
  row('S11', 'open, the longest, ms', ['open_us', 'max'], 1e-3, 1),
  row('S11', 'server CPU, s', ['figures', 'server_cpu_s'], 1, 2),
  row('S11', "the store's processes' CPU, s", ['figures', 'store_cpu_s'], 1, 2),
];

const NOTHING = '–';

function row(scenario, label, at, factor, decimals) {
  return { scenario, label, at, factor, decimals };
}

/** A report with what the load generator cannot know by itself; `commitUs`: the store's own commit, if it has one. */
export function complete(report, commitUs) {
  const { figures } = report;
  figures.server_cpu_percent = (100 * figures.server_cpu_s) / figures.seconds;
  if (report.scenario !== 'S1' || commitUs === undefined) return report;
  figures.commit_p50_us = commitUs;
  figures.ack_p50_above_commit_us = report.ack_us.p50 - commitUs;
  return report;
}

/** The middle of some numbers; of an even count, the mean of the middle two. */
export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * The table in Markdown. `found[scenario][server]` is a list of the load generator's reports, one a round.
 * Ratios are the median of the ratios within each round.
 */
export function table(found, columns, ratios) {
  const head = ['', '', ...columns.map((each) => each.title), ...ratios.map((each) => each.title)];
  const lines = [head, head.map((_, index) => (index < 2 ? '---' : '--:'))];
  for (const each of rows.filter(({ scenario }) => scenario in found)) {
    const values = (server) => (found[each.scenario][server] ?? []).map((report) => valueOf(report, each));
    const cells = columns.map(({ name }) => show(values(name), each.decimals));
    const quotients = ratios.map(({ of, to }) => show(quotientsOf(values(of), values(to)), 2));
    if (cells.some((cell) => cell !== NOTHING)) lines.push([each.scenario, each.label, ...cells, ...quotients]);
  }
  return lines.map((line) => `| ${line.join(' | ')} |`).join('\n');
}

/** What a report has for a row; NaN if it lacks it. */
export function valueOf(report, { at, factor }) {
  const value = at.reduce((inside, key) => inside?.[key], report);
  return value === undefined ? Number.NaN : value * factor;
}

function quotientsOf(above, below) {
  return above.slice(0, below.length).map((each, round) => each / below[round]);
}

function show(numbers, decimals) {
  const good = numbers.filter(Number.isFinite);
  return good.length === 0 ? NOTHING : median(good).toLocaleString('en-US', { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}
