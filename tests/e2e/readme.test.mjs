import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { Engine } from './fixture/engine.mjs';

const CLIENT = fileURLToPath(new URL('../../protocol/client', import.meta.url));

let engine;
let place;

before(async () => {
  engine = await Engine.start();
  place = await mkdtemp(join(tmpdir(), 'quire-readme-'));
});

after(async () => {
  await rm(place, { recursive: true, force: true });
  await engine?.remove();
});

test('the example of the client’s README writes into the engine, in ten lines and their blanks', async () => {
  const readme = await readFile(join(CLIENT, 'README.md'), 'utf8');
  const example = /```js\n(.*?)```/s.exec(readme)?.[1];
  assert.ok(example, 'there is an example');
  assert.ok(example.split('\n').length <= 13);
  // As it stands but for where things are: the package by its files, the engine by its port.
  await symlink(CLIENT, join(place, 'quire'), 'dir');
  const placed = example
    .replace("'@quire/client'", "'./quire/dist/src/index.js'")
    .replace("'ws'", "'./quire/node_modules/ws/wrapper.mjs'")
    .replace('ws://localhost:1234', engine.url.replace('http', 'ws'));
  await writeFile(join(place, 'example.mjs'), placed);
  const { stdout } = await promisify(execFile)(process.execPath, [join(place, 'example.mjs')]);
  assert.equal(stdout, 'local Hello from Node. \n');
  assert.equal(await engine.text('notes'), 'Hello from Node. ');
});
