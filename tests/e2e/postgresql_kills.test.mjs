import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Engine } from './fixture/engine.mjs';
import { EDITS_A_ROUND, Load, WRITERS } from './fixture/load.mjs';
import { Postgresql } from './fixture/postgresql.mjs';
import { Random, SEED } from './fixture/random.mjs';

const SERVER_KILLS = 20;
const KILLS_OF_BOTH = 4;

let postgresql;
let engine;

before(async () => {
  postgresql = await Postgresql.create();
  engine = await Engine.start(postgresql.address);
});

after(async () => {
  await engine?.remove();
  await postgresql?.remove();
});

test('kills of PostgreSQL under load lose no acknowledged edit and apply none twice', { timeout: 300_000 }, async (t) => {
  t.diagnostic(`seed ${SEED}`);
  const load = new Load(engine, new Random(SEED));
  const waits = [];
  for (let kill = 0; kill < SERVER_KILLS; kill += 1) {
    await load.round();
    await postgresql.kill();
    await postgresql.start();
    const begin = performance.now();
    await load.more(1);
    waits.push(Math.round(performance.now() - begin));
  }
  t.diagnostic(`first edit after a start, in ms: ${waits.join(' ')}`);
  assert.equal(load.connections, WRITERS, 'nobody lost the connection to the engine');
  for (let kill = 0; kill < KILLS_OF_BOTH; kill += 1) {
    await load.round();
    await load.restart(async () => {
      await Promise.all([postgresql.kill(), engine.kill()]);
      await postgresql.start();
      await engine.start();
    });
  }
  await load.end();
  await load.check(t);
  assert.ok(load.done >= (SERVER_KILLS + KILLS_OF_BOTH) * EDITS_A_ROUND);
});
