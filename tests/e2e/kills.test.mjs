import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Engine } from './fixture/engine.mjs';
import { RawClient } from './fixture/raw_client.mjs';
import { Random } from '../differential/random.mjs';

const KILLS = Number(process.env.QUIRE_KILLS ?? 50);
/** The same seed, the same kills, counted in edits; who writes them when is the machine's. */
const SEED = Number(process.env.QUIRE_SEED ?? Date.now() % 1_000_000);
const DOCUMENTS = ['one', 'two'];
const WRITERS_A_DOCUMENT = 4;
/** At least so many edits are acknowledged between two kills; a kill comes at a random one after. */
const EDITS_A_ROUND = 40;

let engine;

before(async () => {
  engine = await Engine.start();
});

after(() => engine?.remove());

/** Writes until told to stop, over however many lives of the engine. */
async function write(client, mark, work) {
  while (!work.isOver) {
    if (!(await client.connect())) {
      await work.engineIsUp();
      continue;
    }
    let isConnected = client.sequence === 0 || (await client.resend());
    while (isConnected && !work.isOver) {
      isConnected = await client.insert(`${mark}-${client.sequence + 1} `);
      if (isConnected) work.count();
    }
  }
  client.close();
}

class Work {
  isOver = false;
  done = 0;
  #enough = null;
  #up = Promise.resolve();

  engineIsUp() {
    return this.#up;
  }

  /** Writers wait for `start` before they connect again. */
  async restart(start) {
    this.#up = start();
    await this.#up;
  }

  count() {
    this.done += 1;
    if (this.#enough !== null && this.done >= this.#enough.at) this.#enough.resolve();
  }

  /** Resolves when so many more edits were acknowledged. */
  more(edits) {
    return new Promise((resolve) => (this.#enough = { at: this.done + edits, resolve }));
  }
}

test(`${KILLS} kills under load lose no acknowledged edit and apply none twice, seed ${SEED}`, { timeout: 300_000 }, async (t) => {
  const random = new Random(SEED);
  const work = new Work();
  const writers = DOCUMENTS.flatMap((document) =>
    Array.from({ length: WRITERS_A_DOCUMENT }, (_, index) => ({
      document,
      mark: `${document}${index}`,
      client: new RawClient(engine.url, document),
    })),
  );
  const writing = Promise.all(writers.map(({ client, mark }) => write(client, mark, work)));
  for (let kill = 0; kill < KILLS; kill += 1) {
    await Promise.race([work.more(EDITS_A_ROUND + random.below(EDITS_A_ROUND)), writing]);
    await work.restart(async () => {
      await engine.kill();
      await engine.start();
    });
  }
  await Promise.race([work.more(EDITS_A_ROUND), writing]);
  work.isOver = true;
  await writing;

  for (const document of DOCUMENTS) {
    const text = await engine.text(document);
    const marks = text.split(' ').slice(0, -1);
    const there = new Set(marks);
    assert.equal(there.size, marks.length, 'no edit is there twice');
    const order = new Map();
    for (const { mark, client } of writers.filter((writer) => writer.document === document)) {
      for (const sequence of client.acknowledged)
        assert.ok(there.has(`${mark}-${sequence}`), `${mark}-${sequence} was acknowledged and is there`);
      for (const [revision, edit] of client.seen) {
        assert.equal(order.get(revision) ?? edit, edit, `revision ${revision} is the same edit for all, for ever`);
        order.set(revision, edit);
      }
    }
    t.diagnostic(`${document}: ${marks.length} edits, ${order.size} revisions seen`);
  }
  assert.ok(work.done >= KILLS * EDITS_A_ROUND);
});
