// The servers that a load is put on: Quire over each store, and the two floors. Each runs on a free port of its own,
// keeps its data in a folder that goes with it, and is ended by its process id.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';

const START_MS = 20_000;
const STOP_MS = 10_000;

/** Name → how to start it. Data is kept beside the build, which is on a real disk where a temporary folder may not be. */
export const servers = {
  sqlite: {
    title: 'Quire, SQLite',
    protocol: 'quire',
    program: 'quire',
    args: quireWith((data) => `sqlite:${data}/quire.db`),
    hasStore: true,
  },
  memory: { title: 'Quire, memory', protocol: 'quire', program: 'quire', args: quireWith(() => 'memory') },
  epoll: { title: 'epoll floor', protocol: 'floor', program: 'tests/bench/floors/quire-floor-epoll', args: floor },
  synced: {
    title: 'epoll floor, synced',
    protocol: 'floor',
    program: 'tests/bench/floors/quire-floor-epoll',
    args: (port, _adminPort, data) => [String(port), `${data}/log`],
  },
  beast: { title: 'Beast floor', protocol: 'floor', program: 'tests/bench/floors/quire-floor-beast', args: floor },
};

function quireWith(store) {
  return (port, adminPort, data) => [
    'serve', '--listen', `127.0.0.1:${port}`, '--admin-listen', `127.0.0.1:${adminPort}`, '--store', store(data),
  ];
}

function floor(port) {
  return [String(port)];
}

/** Whether the build has that server. */
export function isBuilt(build, name) {
  return existsSync(path.join(build, servers[name].program));
}

/** Starts a server and waits until it accepts connections. The result has its port, pid, and stop(). */
export async function start(build, name) {
  const kind = servers[name];
  mkdirSync(path.join(build, 'bench-data'), { recursive: true });
  const data = mkdtempSync(path.join(build, 'bench-data', `${name}-`));
  const [port, adminPort] = await freePorts(2);
  const child = spawn(path.join(build, kind.program), kind.args(port, adminPort, data), { stdio: ['ignore', 'pipe', 'pipe'] });
  const words = tail(child);
  const ended = new Promise((resolve) => {
    child.once('exit', resolve);
    child.once('error', resolve);
  });
  let hasEnded = false;
  ended.then(() => { hasEnded = true; });

  const stop = async () => {
    const kill = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    child.kill('SIGTERM');
    await ended;
    clearTimeout(kill);
    rmSync(data, { recursive: true, force: true });
  };

  const deadline = Date.now() + START_MS;
  while (!(await accepts(port))) {
    if (hasEnded || Date.now() > deadline) {
      if (!hasEnded) await stop();
      throw new Error(`${kind.program} does not start:\n${words()}`);
    }
    await pause(20);
  }
  return { name, port, pid: child.pid, protocol: kind.protocol, words, stop };
}

/** Runs the load generator against a started server; resolves to { code, output }. */
export function load(build, server, args, timeoutMs = 240_000) {
  const program = path.join(build, 'tests/bench/loadgen/quire-loadgen');
  const all = ['--protocol', server.protocol, '--port', String(server.port), '--pid', String(server.pid), ...args];
  const child = spawn(program, all, { stdio: ['ignore', 'pipe', 'pipe'] });
  const words = tail(child);
  const kill = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
  return new Promise((resolve) => {
    const end = (code) => {
      clearTimeout(kill);
      resolve({ code, output: words() });
    };
    child.once('close', end);
    child.once('error', (error) => end(error.message));
  });
}

/** What one commit of one edit costs the SQLite store by itself, the median in microseconds; undefined: not built. */
export async function commitUs(build) {
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

// Both outputs, read so that no pipe fills up; only the end is kept.
function tail(child) {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8');
    stream.on('data', (more) => { text = (text + more).slice(-8_192); });
  }
  return () => text;
}

async function freePorts(count) {
  const holders = [];
  for (let i = 0; i < count; ++i) {
    const holder = net.createServer();
    await new Promise((resolve, reject) => holder.once('error', reject).listen(0, '127.0.0.1', resolve));
    holders.push(holder);
  }
  const ports = holders.map((each) => each.address().port);
  await Promise.all(holders.map((each) => new Promise((resolve) => each.close(resolve))));
  return ports;
}

function accepts(port) {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.once('connect', () => { socket.destroy(); resolve(true); });
    socket.once('error', () => resolve(false));
  });
}

function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
