// Runs the standard set and writes the table of docs/benchmarks.md. Rounds are interleaved, server after server within
// each scenario, because a machine's mood changes from minute to minute; every cell has a server of its own.
//
//   node tests/bench/run.mjs [--build DIR] [--rounds N] [--seconds S] [--only S5,S9] [--servers sqlite,epoll]
//                            [--quick] [--out FILE] [--json FILE]
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { complete, table } from './figures.mjs';
import { surroundings, writeFigures } from './page.mjs';
import { endPostgresql } from './postgresql.mjs';
import { isBuilt, loadWhole, restarts, servers, start } from './servers.mjs';
import { commitUs } from './store_commit.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

const { values: given } = parseArgs({
  options: {
    build: { type: 'string', default: path.join(root, 'build/release') },
    rounds: { type: 'string' },
    seconds: { type: 'string' },
    only: { type: 'string' },
    servers: { type: 'string', default: Object.keys(servers).join(',') },
    quick: { type: 'boolean', default: false },
    out: { type: 'string', default: path.join(root, 'docs/benchmarks.md') },
    json: { type: 'string' },
  },
});

const standard = ['S1', 'S2', 'S3', 'S4', 'S5', 'S5b', 'S6', 'S6b', 'S7', 'S8', 'S9', 'S10', 'S11'];
const quick = ['S1', 'S5', 'S6', 'S7', 'S8', 'S9'];
const scenarios = given.only?.split(',') ?? (given.quick ? quick : standard);
const rounds = Number(given.rounds ?? (given.quick ? 1 : 3));
const seconds = given.seconds ?? (given.quick ? '0.8' : '2');

const named = given.servers.split(',');
const columns = named.filter((name) => isBuilt(given.build, name)).map((name) => ({ name, title: servers[name].title }));
for (const name of named.filter((each) => !isBuilt(given.build, each)))
  console.log(`Left out, because ${servers[name].program} is not built: ${servers[name].title}`);
const ratios = [
  { title: 'PostgreSQL ÷ SQLite', of: 'postgresql', to: 'sqlite' },
  { title: 'SQLite ÷ epoll', of: 'sqlite', to: 'epoll' },
  { title: 'SQLite ÷ synced', of: 'sqlite', to: 'synced' },
  { title: 'SQLite ÷ Beast', of: 'sqlite', to: 'beast' },
  { title: 'SQLite ÷ memory', of: 'sqlite', to: 'memory' },
].filter(({ of, to }) => [of, to].every((name) => columns.some((each) => each.name === name)));

const found = Object.fromEntries(scenarios.map((each) => [each, Object.fromEntries(columns.map(({ name }) => [name, []]))]));
const loadBefore = os.loadavg()[0];
const began = new Date();
let failed = 0;
try {
  for (let round = 1; round <= rounds; ++round) {
    for (const scenario of scenarios) {
      for (const { name } of columns.filter((each) => has(scenario, servers[each.name]))) await cell(round, scenario, name);
    }
  }
} finally {
  await endPostgresql();
}
write();
process.exitCode = failed > 0 ? 1 : 0;

/** Whether a kind of server can be put to a scenario: a join needs documents, a restart a store that keeps them. */
function has(scenario, kind) {
  if (restarts.has(scenario)) return kind.keeps === true;
  return scenario !== 'S7' || kind.protocol === 'quire';
}

/** One scenario on one server, once. */
async function cell(round, scenario, name) {
  const server = await start(given.build, name);
  const file = path.join(given.build, 'bench-data', `${server.pid}.json`);
  const args = ['--seconds', seconds, '--json', file];
  if (given.quick && scenario === 'S7') args.push('--history', '20000');
  const { code, output } = await loadWhole(given.build, server, scenario, args);
  await server.stop();
  console.log(`round ${round} of ${rounds}, ${servers[name].title}: ${output.trim()}\n`);
  if (code === 0) {
    // The store alone, in the same minute as the load on the server over it.
    const ofStore = scenario === 'S1' ? await commitUs[name]?.(given.build) : undefined;
    found[scenario][name].push(complete(JSON.parse(readFileSync(file, 'utf8')), ofStore));
  } else {
    ++failed;
    console.log(`*** This load failed (${code}). The server's last words:\n${server.words()}\n`);
  }
  rmSync(file, { force: true });
}

function write() {
  const lines = [
    surroundings(began, loadBefore), '',
    `\`node tests/bench/run.mjs${process.argv.slice(2).map((each) => ` ${each}`).join('')}\`: medians of ${rounds} ` +
      `${rounds === 1 ? 'round' : 'rounds'}, each of ${seconds} s a scenario; ratios are taken within a round.` +
      (failed > 0 ? ` **${failed} loads failed and are left out.**` : ''), '',
    table(found, columns, ratios),
  ];
  console.log(lines.join('\n'));
  if (given.json) writeFileSync(given.json, `${JSON.stringify(found)}\n`);
  writeFigures(given.out, 'load', lines);
}
