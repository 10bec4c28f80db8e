import assert from 'node:assert/strict';
import test from 'node:test';

import { Backoff } from '../src/backoff.js';
import type { QuireClient } from '../src/index.js';
import { Scene } from './fixture/scene.js';

async function live(scene: Scene, client: QuireClient): Promise<void> {
  await scene.until(() => client.state === 'live', 'it is live');
}

test('waiting doubles from half a second to thirty, with chance over all of it', () => {
  const backoff = new Backoff(() => 1);
  assert.deepEqual([1, 2, 3, 4, 5, 6, 7, 8].map(() => backoff.next()), [500, 1000, 2000, 4000, 8000, 16000, 30000, 30000]);
  backoff.reset();
  assert.equal(backoff.next(), 500);
  assert.equal(new Backoff(() => 0).next(), 0);
  assert.equal(new Backoff(() => 0).next(700), 700);
});

test('only a welcome ends the doubling, not a connection that is closed before one', async () => {
  const scene = new Scene();
  scene.server.turnsAway = 'silently';
  const { dialled } = scene.simulation;
  const client = scene.client(undefined, { random: () => 1 });
  // Connecting and closing take some milliseconds more.
  const gaps = (from: number[]) => from.slice(1).map((at, index) => Math.floor((at - (from[index] as number)) / 500) * 500);
  await scene.until(() => dialled.length === 9, 'it was turned away eight times');
  assert.deepEqual(gaps(dialled), [500, 1000, 2000, 4000, 8000, 16000, 30000, 30000]);
  scene.server.turnsAway = null;
  await live(scene, client);
  scene.server.turnsAway = 'silently';
  scene.cutAll();
  const lost = scene.simulation.now();
  const before = dialled.length;
  await scene.until(() => dialled.length === before + 4, 'it was turned away three times more');
  assert.deepEqual(gaps([lost, ...dialled.slice(before)]), [500, 1000, 2000, 4000]);
});

test('a server that comes back is found again', async () => {
  const scene = new Scene();
  const client = scene.client();
  await live(scene, client);
  scene.killServer();
  await scene.until(() => client.state === 'offline', 'it is noticed');
  assert.equal(client.error?.code, 'connection_lost');
  await scene.advance(60_000);
  scene.startServer();
  await live(scene, client);
  assert.equal(client.error, null);
});

test('a server that stops is given the time it asks for', async () => {
  const scene = new Scene();
  const client = scene.client();
  await live(scene, client);
  scene.server.shutDown(20_000);
  await scene.until(() => client.state === 'offline', 'it is noticed');
  assert.equal(client.error?.code, 'shutting_down');
  await scene.advance(19_000);
  assert.equal(client.state, 'offline');
  await live(scene, client);
});

test('a connection that goes silent is given up after ten seconds', async () => {
  const scene = new Scene();
  const client = scene.client();
  await live(scene, client);
  await scene.advance(30_000);
  assert.equal(client.state, 'live', 'the server pings');
  for (const wire of scene.simulation.wires) wire.stall(60_000);
  await scene.advance(9_900);
  assert.equal(client.state, 'live');
  await scene.until(() => client.state !== 'live', 'it is noticed');
  assert.equal(client.error?.code, 'silent');
  await live(scene, client);
});

test('a server that says nothing by itself is asked, and kept', async () => {
  const scene = new Scene();
  const client = scene.client();
  await live(scene, client);
  scene.server.stopPinging();
  await scene.advance(60_000);
  assert.equal(client.state, 'live');
});

test('when the network goes a silent connection is given up at once', async () => {
  const scene = new Scene();
  const client = scene.client();
  await live(scene, client);
  for (const wire of scene.simulation.wires) wire.stall(60_000);
  scene.simulation.announceNetwork(false);
  await scene.advance(2_100);
  assert.notEqual(client.state, 'live');
});

test('a server that answers without a network is kept', async () => {
  const scene = new Scene();
  const client = scene.client();
  await live(scene, client);
  scene.simulation.announceNetwork(false);
  await scene.advance(5_000);
  assert.equal(client.state, 'live');
});

test('when the network comes back nothing is waited for', async () => {
  const scene = new Scene();
  const client = scene.client(undefined, { random: () => 1 });
  await live(scene, client);
  scene.killServer();
  await scene.advance(20_000);
  scene.startServer();
  assert.equal(client.state, 'offline');
  scene.simulation.announceNetwork(true);
  await scene.advance(200);
  assert.equal(client.state, 'live');
});

test('when the network comes back a server is still given the time it asked for, and no more', async () => {
  const scene = new Scene();
  const client = scene.client(undefined, { random: () => 1 });
  await live(scene, client);
  scene.killServer();
  await scene.until(() => scene.simulation.dialled.length === 6, 'its own waits are long by now');
  scene.startServer();
  scene.server.turnsAway = { code: 'overloaded', retry: 2_000 };
  await scene.until(() => client.error?.code === 'overloaded', 'it is asked to wait');
  const asked = scene.simulation.now();
  const { length } = scene.simulation.dialled;
  scene.server.turnsAway = null;
  await scene.advance(1_000);
  scene.simulation.announceNetwork(true);
  scene.simulation.announceNetwork(true);
  await live(scene, client);
  assert.equal(scene.simulation.dialled.length, length + 1);
  const waited = (scene.simulation.dialled[length] as number) - asked;
  assert.ok(waited > 1_900 && waited <= 2_000, `it waited ${waited} ms`);
});

test('a permanent refusal ends it, until it is asked to try again', async () => {
  const scene = new Scene();
  const client = scene.client();
  const errors: string[] = [];
  client.on('error', ({ code, fault, remedy }) => errors.push(`${code} ${fault} ${remedy}`));
  const document = await scene.open(client);
  for (const wire of [...scene.simulation.wires]) wire.closeFromServer(4401);
  await scene.until(() => client.state === 'closed', 'it is closed');
  assert.deepEqual(errors, ['unauthenticated client reauthenticate']);
  document.insert(0, 'kept');
  await scene.advance(120_000);
  assert.equal(client.state, 'closed');
  client.reconnect();
  await scene.done(document.saved());
  assert.equal(scene.text, 'kept');
});

test('a token is asked for at each connection', async () => {
  const scene = new Scene();
  let asked = 0;
  const client = scene.client(() => `token ${++asked}`);
  await live(scene, client);
  scene.cutAll();
  await scene.until(() => client.state !== 'live', 'it is noticed');
  await live(scene, client);
  assert.equal(asked, 2);
});

test('a client that was closed stays closed', async () => {
  const scene = new Scene();
  const client = scene.client();
  const opening = client.open('page');
  client.close();
  await assert.rejects(scene.done(opening), { code: 'closed_here' });
  await scene.advance(120_000);
  assert.equal(client.state, 'closed');
  await assert.rejects(client.open('page'), { code: 'closed_here' });
  assert.equal(scene.simulation.wires.size, 0);
});
