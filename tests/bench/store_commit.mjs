// What one commit of one edit costs a store by itself: the median in microseconds; undefined: what measures it is not built.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { cellsOf, laneProgram } from './lane_figures.mjs';
import { newDatabase } from './postgresql.mjs';

/** By the name of a server that has a store of its own. */
export const commitUs = { sqlite: ofSqlite, postgresql: ofPostgresql };

async function ofPostgresql(build) {
  if (!existsSync(laneProgram(build))) return undefined;
  const database = await newDatabase();
  const cell = ['--edits', '1', '--documents', '1', '--lanes', '1', '--ways', 'lane', '--seconds', '1'];
  const [{ lane }] = await cellsOf(build, database.address, cell);
  database.drop();
  return lane.p50_ms * 1_000;
}

async function ofSqlite(build) {
  const program = path.join(build, 'benchmarks/store_bench');
  if (!existsSync(program)) return undefined;
  const data = mkdtempSync(path.join(build, 'bench-data', 'commit-'));
  const file = path.join(data, 'commit.json');
  const args = ['--benchmark_filter=^commits/edits:1/documents:1/', `--benchmark_out=${file}`, '--benchmark_out_format=json'];
  const child = spawn(program, args, { stdio: 'ignore', env: { ...process.env, TMPDIR: data } });
  const code = await new Promise((resolve) => {
    child.once('exit', resolve);
    child.once('error', resolve);
  });
  const found = code === 0 ? JSON.parse(readFileSync(file, 'utf8')).benchmarks[0] : undefined;
  rmSync(data, { recursive: true, force: true });
  if (found === undefined) throw new Error(`${program} failed (${code})`);
  return found.p50_ms * 1_000;
}
