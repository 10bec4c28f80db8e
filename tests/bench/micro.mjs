// Runs the benchmarks of single functions and writes their table to docs/benchmarks.md.
//
//   node tests/bench/micro.mjs [--build DIR] [--filter REGEX] [--out FILE]
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { removeWhenInterrupted } from './leftovers.mjs';
import { surroundings, writeFigures } from './page.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const { values: given } = parseArgs({
  options: {
    build: { type: 'string', default: path.join(root, 'build/release') },
    filter: { type: 'string', default: '.' },
    out: { type: 'string', default: path.join(root, 'docs/benchmarks.md') },
  },
});

// What Google Benchmark says of every run; the rest are the benchmark's own counters.
const common = new Set([
  'name', 'family_index', 'per_family_instance_index', 'run_name', 'run_type', 'repetitions', 'repetition_index',
  'threads', 'iterations', 'real_time', 'cpu_time', 'time_unit',
]);

const began = new Date();
const loadBefore = os.loadavg()[0];
const folder = mkdtempSync(path.join(os.tmpdir(), 'quire-micro-'));
removeWhenInterrupted(() => rmSync(folder, { recursive: true, force: true }));
const lines = ['| | time | CPU | |', '| --- | --: | --: | --- |'];
const notes = [];
let failed = 0;
for (const name of readdirSync(path.join(given.build, 'benchmarks')).sort()) {
  const file = path.join(folder, `${name}.json`);
  const program = path.join(given.build, 'benchmarks', name);
  const args = [`--benchmark_filter=${given.filter}`, `--benchmark_out=${file}`, '--benchmark_out_format=json'];
  const { status, stderr } = await run(program, args);
  notes.push(...notesOf(name, stderr));
  if (status !== 0) ++failed;
  else for (const each of JSON.parse(readFileSync(file, 'utf8') || '{"benchmarks":[]}').benchmarks) lines.push(rowOf(each));
}
rmSync(folder, { recursive: true, force: true });
writeFigures(given.out, 'functions', [
  surroundings(began, loadBefore), '', '`node tests/bench/micro.mjs`', '', ...lines, ...(notes.length > 0 ? ['', ...notes] : []),
]);
process.exitCode = failed > 0 ? 1 : 0;

// Its data is in the folder that goes when all are done. Resolves to { status, stderr }; both outputs are shown, too.
function run(program, args) {
  const child = spawn(program, args, { stdio: ['inherit', 'inherit', 'pipe'], env: { ...process.env, TMPDIR: folder } });
  const isDone = removeWhenInterrupted(() => child.kill('SIGKILL'));
  let stderr = '';
  child.stderr.setEncoding('utf8');
  child.stderr.on('data', (more) => {
    stderr += more;
    process.stderr.write(more);
  });
  return new Promise((resolve) => {
    child.once('close', (status) => {
      isDone();
      resolve({ status, stderr });
    });
    child.once('error', (error) => resolve({ status: error.message, stderr }));
  });
}

// What a benchmark says of itself as a whole, beside its own errors and the library's.
function notesOf(name, said) {
  return [...said.matchAll(/^peak resident memory.*$/gm)].map(([note]) => `${name}: ${note}.`);
}

function rowOf(run) {
  const time = (value) => `${significant(value)} ${run.time_unit.replace('us', 'µs')}`;
  const counters = Object.entries(run).filter(([key]) => !common.has(key));
  const said = counters.map(([key, value]) => `${key.replaceAll('_', ' ')} ${significant(value)}`).join(', ');
  return `| ${run.name.replace('/real_time', '')} | ${time(run.real_time)} | ${time(run.cpu_time)} | ${said} |`;
}

// Counters are numbers of any size: 16.4 n, 379M.
function significant(value) {
  if (typeof value !== 'number') return value;
  if (value > 0 && value < 1e-6) return `${significant(value * 1e9)} n`;
  return value.toLocaleString('en-US', {
    maximumSignificantDigits: 3,
    notation: value >= 1e6 ? 'compact' : 'standard',
  });
}
