// smoke.mjs BUILD SERVER: a small load on one server, by count: everything sent is delivered once, in order, to all; and
// each row of the page of figures finds its figure in what is reported. No figure is looked at.
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { complete, rows, valueOf } from './figures.mjs';
import { endPostgresql } from './postgresql.mjs';
import { loadWhole, servers, start } from './servers.mjs';

const [build, name] = process.argv.slice(2);
const loads = [
  ['S5', '--documents', '2', '--clients', '3', '--edits', '20'],
  ['S2', '--clients', '5', '--writers', '2', '--rate', '200', '--edits', '20'],
  ['S1', '--edits', '20'],
  ['S6', '--documents', '3', '--clients', '2', '--seconds', '0.01'],
];
if (servers[name].protocol === 'quire') loads.push(['S7', '--clients', '20', '--history', '400']);
if (servers[name].keeps) loads.push(['S10', '--documents', '2', '--history', '1500'], ['S11', '--documents', '30', '--history', '20']);

const server = await start(build, name);
const file = path.join(build, 'bench-data', `smoke-${server.pid}.json`);
mkdirSync(path.dirname(file), { recursive: true });
let failed = 0;
for (const [scenario, ...options] of loads) {
  const { code, output } = await loadWhole(build, server, scenario, ['--json', file, ...options], 60_000);
  console.log(output);
  const missing = code === 0 ? rowsWithout(scenario, JSON.parse(readFileSync(file, 'utf8'))) : [];
  for (const { label } of missing) console.log(`*** ${scenario} has no figure for the row, or one that it cannot have: ${label}`);
  if (code !== 0 || missing.length > 0) ++failed;
  rmSync(file, { force: true });
}
await server.stop();
await endPostgresql();
if (failed > 0) console.log(`${failed} of ${loads.length} loads failed; the server said:\n${server.words()}`);
process.exitCode = failed > 0 ? 1 : 0;

function rowsWithout(scenario, report) {
  const whole = complete(report, 1); // As if the store's commit had been measured.
  const isOfStore = (row) => row.at[1].startsWith('store_cpu');
  const isMissing = (row) => Number.isFinite(valueOf(whole, row)) === (isOfStore(row) && server.storePid === undefined);
  return rows.filter((row) => row.scenario === scenario && isMissing(row));
}
