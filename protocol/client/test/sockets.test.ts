import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execFile } from 'node:child_process';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import WebSocket from 'ws';

import { connect, type WebSocketClass } from '../src/index.js';
import { FakeStore } from './fixture/fake_store.js';
import { serve } from './fixture/socket_server.js';

const PACKAGE = fileURLToPath(new URL('../..', import.meta.url));
const options = { WebSocket: WebSocket as unknown as WebSocketClass };

test('two clients write over real sockets while the server is killed and started again', async () => {
  const store = new FakeStore();
  let server = await serve(store);
  const [alice, bob] = [connect(server.url, options), connect(server.url, options)];
  const [mine, yours] = [await alice.open('page'), await bob.open('page')];
  mine.insert(0, 'one ');
  yours.insert(0, 'two ');
  await server.kill();
  mine.insert(0, 'three ');
  server = await serve(store, server.port);
  await Promise.all([mine.saved(), yours.saved()]);
  const { text } = store.get('default/page');
  assert.deepEqual(text.split(' ').sort(), ['', 'one', 'three', 'two']);
  if (yours.text !== text) await new Promise<void>((resolve) => yours.on('change', () => yours.text === text && resolve()));
  alice.close();
  bob.close();
  await server.kill();
});

test('the example of the README works', async () => {
  const readme = await readFile(join(PACKAGE, 'README.md'), 'utf8');
  const example = /```js\n(.*?)```/s.exec(readme)?.[1];
  assert.ok(example);
  const server = await serve(new FakeStore());
  const place = await mkdtemp(join(tmpdir(), 'quire-client-'));
  await symlink(PACKAGE, join(place, 'quire'), 'dir');
  // As it stands but for where things are: the package by its files, the server by its port.
  const placed = example
    .replace("'@quire/client'", "'./quire/dist/src/index.js'")
    .replace("'ws'", "'./quire/node_modules/ws/wrapper.mjs'")
    .replace('ws://localhost:1234/v1/connect', server.url);
  assert.ok(placed.split('\n').length <= 13);
  await writeFile(join(place, 'example.mjs'), placed);
  const { stdout } = await promisify(execFile)(process.execPath, [join(place, 'example.mjs')]);
  assert.match(stdout, /Hello from Node/);
  await server.kill();
  await rm(place, { recursive: true });
});
