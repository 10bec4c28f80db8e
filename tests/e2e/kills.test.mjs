import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Engine } from './fixture/engine.mjs';
import { EDITS_A_ROUND, Load } from './fixture/load.mjs';
import { Random, SEED } from './fixture/random.mjs';

const KILLS = Number(process.env.QUIRE_KILLS ?? 50);

let engine;

before(async () => {
  engine = await Engine.start();
});

after(() => engine?.remove());

test(`${KILLS} kills under load lose no acknowledged edit and apply none twice`, { timeout: 300_000 }, async (t) => {
  t.diagnostic(`seed ${SEED}`);
  const load = new Load(engine, new Random(SEED));
  for (let kill = 0; kill < KILLS; kill += 1) {
    await load.round();
    await load.restart(async () => {
      await engine.kill();
      await engine.start();
    });
  }
  await load.end();
  await load.check(t);
  assert.ok(load.done >= KILLS * EDITS_A_ROUND);
});
