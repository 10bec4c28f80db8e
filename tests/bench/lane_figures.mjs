// Runs quire-lane-bench, and makes the table of the lanes from what it reports.
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { median } from './figures.mjs';

const run = promisify(execFile);

/** The program that measures, in a build. */
export function laneProgram(build) {
  return path.join(build, 'tests/bench/lanes/quire-lane-bench');
}

/** What it reports on an empty database, a cell a combination of lanes, documents and edits. */
export async function cellsOf(build, address, args) {
  const { stdout } = await run(laneProgram(build), ['--address', address, ...args]);
  return stdout.trim().split('\n').map((line) => JSON.parse(line));
}

/** The lane's rows a second over those of the best that PostgreSQL does with a batch by itself. */
export function ratioOf(cell) {
  return cell.lane.rows_per_s / Math.max(cell.unnest.rows_per_s, cell.copy.rows_per_s);
}

/** The figures of a cell, in the order of the table's columns. */
export const columns = [
  { title: 'lane, rows/s', of: (cell) => cell.lane.rows_per_s, decimals: 0 },
  { title: 'commit p50, ms', of: (cell) => cell.lane.p50_ms, decimals: 2 },
  { title: 'commit p99, ms', of: (cell) => cell.lane.p99_ms, decimals: 2 },
  { title: '`unnest`, rows/s', of: (cell) => cell.unnest.rows_per_s, decimals: 0 },
  { title: 'p50, ms', of: (cell) => cell.unnest.p50_ms, decimals: 2 },
  { title: '`COPY`, rows/s', of: (cell) => cell.copy.rows_per_s, decimals: 0 },
  { title: '`INSERT`, rows/s', of: (cell) => cell.insert?.rows_per_s, decimals: 0 },
  { title: 'lane ÷ best batch', of: ratioOf, decimals: 2 },
];

/** The table in Markdown; `rounds` has the cells of each round, in the same order. */
export function laneTable(rounds) {
  const head = ['lanes', 'documents', 'edits', ...columns.map(({ title }) => title)];
  const lines = [head, head.map(() => '--:')];
  rounds[0].forEach(({ lanes, documents, edits }, index) => {
    const cells = columns.map(({ of, decimals }) => show(rounds.map((cells) => of(cells[index])), decimals));
    lines.push([lanes, documents, edits, ...cells]);
  });
  return lines.map((line) => `| ${line.join(' | ')} |`).join('\n');
}

function show(numbers, decimals) {
  if (!numbers.every(Number.isFinite)) return '–';
  return median(numbers).toLocaleString('en-US', { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}
