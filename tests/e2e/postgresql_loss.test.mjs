import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { WebSocket } from 'ws';

import { connect } from '../../protocol/client/dist/src/index.js';
import { Engine } from './fixture/engine.mjs';
import { Postgresql } from './fixture/postgresql.mjs';

let postgresql;
let engine;
const clients = [];

before(async () => {
  postgresql = await Postgresql.create();
  engine = await Engine.start(postgresql.address);
});

after(async () => {
  for (const client of clients) client.close();
  await engine?.remove();
  await postgresql?.remove();
});

async function open(name) {
  const client = connect(`${engine.url.replace('http', 'ws')}/v1/connect`, { WebSocket, agent: 'loss' });
  clients.push(client);
  return client.open(name);
}

async function append(document, text) {
  for (const letter of text) {
    document.insert(document.text.length, letter);
    await document.saved();
  }
}

/** PostgreSQL is what it was before `write`, as if another had taken over that had not got it. */
async function lose(write) {
  await postgresql.stop();
  await postgresql.keep();
  await postgresql.start();
  await write();
  await postgresql.stop();
  await postgresql.revert();
  await postgresql.start();
}

test('acknowledged edits that the store lost are written again by those who have them', { timeout: 120_000 }, async () => {
  const [ada, ben] = [await open('lost'), await open('lost')];
  await append(ada, 'kept ');
  await lose(() => append(ada, 'and lost '));
  await append(ben, 'and found');
  const text = 'kept and lost and found';
  assert.equal(await engine.text('lost'), text);
  for (const document of [ada, ben]) await shows(document, text);
  // By nobody's memory but the store's.
  await engine.kill();
  await engine.start();
  assert.equal(await engine.text('lost'), text);
  assert.match(await engine.verify(), /found: 0$/);
});

function shows(document, text) {
  if (document.text === text) return undefined;
  return new Promise((resolve) => document.on('change', () => document.text === text && resolve()));
}
