// smoke.mjs BUILD SERVER: a small load on one server, by count: everything sent is delivered once, in order, to all.
// Nothing here looks at a clock.
import { load, servers, start } from './servers.mjs';

const [build, name] = process.argv.slice(2);
const loads = [
  ['--scenario', 'S5', '--documents', '2', '--clients', '3', '--edits', '20'],
  ['--scenario', 'S2', '--clients', '5', '--writers', '2', '--rate', '200', '--edits', '20'],
];
if (servers[name].protocol === 'quire') loads.push(['--scenario', 'S7', '--clients', '20', '--history', '400']);

const server = await start(build, name);
let failed = 0;
for (const each of loads) {
  const { code, output } = await load(build, server, each, 60_000);
  console.log(output);
  if (code !== 0) ++failed;
}
await server.stop();
if (failed > 0) console.log(`${failed} of ${loads.length} loads failed; the server said:\n${server.words()}`);
process.exitCode = failed > 0 ? 1 : 0;
