// A throwaway PostgreSQL for benchmarks, fsync on, one for all that a process measures. It goes when this process ends,
// however that comes about: see `hold` in tests/fixture/throwaway_postgresql.
import { execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const program = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../fixture/throwaway_postgresql');

// On a disk, where a temporary folder may not be, and open to the user that PostgreSQL runs as, which the build may not be.
const folder = `/var/tmp/quire-bench-${process.pid}`;

/** What a small server of one's own would be given; the rest is as Debian has it. */
export const settings = ['shared_buffers = 256MB', 'max_wal_size = 4GB'];

let running;
let made = 0;

/** An empty database: its address, the server's process, and drop(). */
export async function newDatabase() {
  running ??= start();
  const { address, pid } = await running;
  const name = `cell${++made}`;
  const sql = (statement) => execFileSync('psql', ['-qAtX', '-v', 'ON_ERROR_STOP=1', '-c', statement, address]);
  sql(`CREATE DATABASE ${name}`);
  return {
    address: address.replace('/quire?', `/${name}?`),
    pid,
    drop: () => sql(`DROP DATABASE ${name} WITH (FORCE)`),
  };
}

/** Ends the server, if one was started. */
export async function endPostgresql() {
  if (running === undefined) return;
  const { child, ended } = await running;
  running = undefined;
  child.stdin.end();
  await ended;
}

async function start() {
  const child = spawn(program, ['hold', folder, ...settings], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => {
    child.once('close', resolve);
    child.once('error', resolve);
  });
  child.stdout.setEncoding('utf8');
  const address = await Promise.race([
    new Promise((resolve) => {
      let said = '';
      child.stdout.on('data', (more) => {
        said += more;
        if (said.includes('\n')) resolve(said.trim());
      });
    }),
    ended.then((how) => { throw new Error(`PostgreSQL does not start (${how})`); }),
  ]);
  const pid = Number(readFileSync(`${folder}/data/postmaster.pid`, 'utf8').split('\n')[0]);
  return { child, ended, address, pid };
}
