// The servers that a load is put on: Quire over each store, and the two floors. Each runs on a free port of its own,
// keeps its data in a folder that goes with it, and is ended by its process id.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { removeWhenInterrupted } from './leftovers.mjs';
import { newDatabase } from './postgresql.mjs';

const START_MS = 20_000;
const STOP_MS = 10_000;

/** Name → how to start it; `store` readies the store that it is put on. Data is kept beside the build, which is on a real disk where a temporary folder may not be. */
export const servers = {
  sqlite: {
    title: 'Quire, SQLite',
    protocol: 'quire',
    program: 'quire',
    args: quire,
    store: (data) => ({ address: `sqlite:${data}/quire.db`, drop: () => {} }),
    keeps: true,
  },
  postgresql: { title: 'Quire, PostgreSQL', protocol: 'quire', program: 'quire', args: quire, store: newDatabase, keeps: true },
  memory: {
    title: 'Quire, memory',
    protocol: 'quire',
    program: 'quire',
    args: quire,
    store: () => ({ address: 'memory', drop: () => {} }),
  },
  epoll: { title: 'epoll floor', protocol: 'floor', program: 'tests/bench/floors/quire-floor-epoll', args: floor },
  synced: {
    title: 'epoll floor, synced',
    protocol: 'floor',
    program: 'tests/bench/floors/quire-floor-epoll',
    args: (port, _adminPort, data) => [String(port), `${data}/log`],
  },
  beast: { title: 'Beast floor', protocol: 'floor', program: 'tests/bench/floors/quire-floor-beast', args: floor },
};

function quire(port, adminPort, _data, address) {
  return ['serve', '--listen', `127.0.0.1:${port}`, '--admin-listen', `127.0.0.1:${adminPort}`, '--store', address];
}

function floor(port) {
  return [String(port)];
}

/** Whether the build has that server. */
export function isBuilt(build, name) {
  return existsSync(path.join(build, servers[name].program));
}

/** Starts a server and waits until it accepts connections. The result has its port, pid, restart() and stop(). */
export async function start(build, name) {
  const kind = servers[name];
  mkdirSync(path.join(build, 'bench-data'), { recursive: true });
  const data = mkdtempSync(path.join(build, 'bench-data', `${name}-`));
  const store = await kind.store?.(data);
  let process = await launch(build, kind, data, store?.address);

  return {
    name,
    protocol: kind.protocol,
    storePid: store?.pid,
    get port() { return process.port; },
    get pid() { return process.pid; },
    words: () => process.words(),
    /** Kills it and starts it again over what it has kept. */
    restart: async () => {
      await process.end('SIGKILL');
      process = await launch(build, kind, data, store?.address);
    },
    stop: async () => {
      await process.end('SIGTERM');
      store?.drop();
      rmSync(data, { recursive: true, force: true });
    },
  };
}

async function launch(build, kind, data, address) {
  const [port, adminPort] = await freePorts(2);
  const args = kind.args(port, adminPort, data, address);
  const child = spawn(path.join(build, kind.program), args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const words = tail(child);
  const isDone = removeWhenInterrupted(() => {
    child.kill('SIGKILL');
    rmSync(data, { recursive: true, force: true });
  });
  let hasEnded = false;
  const ended = new Promise((resolve) => {
    child.once('exit', resolve);
    child.once('error', resolve);
  }).then(() => { hasEnded = true; });
  const end = async (signal) => {
    const kill = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    child.kill(signal);
    await ended;
    clearTimeout(kill);
    isDone();
  };

  const deadline = Date.now() + START_MS;
  while (!(await accepts(port))) {
    if (hasEnded || Date.now() > deadline) {
      await end('SIGKILL');
      rmSync(data, { recursive: true, force: true });
      throw new Error(`${kind.program} does not start:\n${words()}`);
    }
    await pause(20);
  }
  return { port, pid: child.pid, words, end };
}

// Runs the load generator against a started server; resolves to { code, output }.
function load(build, server, args, timeoutMs) {
  const program = path.join(build, 'tests/bench/loadgen/quire-loadgen');
  const all = ['--protocol', server.protocol, '--port', String(server.port), '--pid', String(server.pid)];
  if (server.storePid !== undefined) all.push('--store-pid', String(server.storePid));
  all.push(...args);
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

/**
 * Puts a scenario on a started server, with the server's restart in its middle where the scenario is of one. `args` are
 * the load generator's. Resolves to { code, output } as load() does, of the part that is measured.
 */
export async function loadWhole(build, server, scenario, args, timeoutMs = 240_000) {
  const all = ['--scenario', scenario, ...args];
  if (!restarts.has(scenario)) return load(build, server, all, timeoutMs);
  const number = ['--run', String(process.pid * 1_000 + ++runs)];
  const written = await load(build, server, [...all, ...number, '--part', 'write'], timeoutMs);
  if (written.code !== 0) return written;
  await server.restart();
  return load(build, server, [...all, ...number, '--part', 'open'], timeoutMs);
}

/** The scenarios in whose middle the server is started anew. */
export const restarts = new Set(['S10', 'S11']);
let runs = 0;

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
