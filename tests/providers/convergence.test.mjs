import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';

import { Random, SEED } from '../e2e/fixture/random.mjs';
import { Gathering } from './fixture/gathering.mjs';
import { PROVIDERS } from './fixture/peer.mjs';
import { until } from './fixture/until.mjs';
import { contentOf, write } from './fixture/writing.mjs';

const KINDS = Object.keys(PROVIDERS);
const CHANGES = Number(process.env.QUIRE_ROUNDS ?? 150);

const random = new Random(SEED);
let here;

before(async () => {
  here = await Gathering.start();
});

after(() => here?.end());

/** Waits until all show the same, and a newcomer, who has only what is stored, shows it too. */
async function converge(name, together) {
  const agree = (others) => others.every((peer) => isDeepStrictEqual(contentOf(peer.document), contentOf(together[0].document)));
  await Promise.all(together.map((peer) => peer.whenStored()));
  await until(() => agree(together), `${name}: all show the same`);
  const [newcomer] = await here.invite(name, ['Hocuspocus 4']);
  await until(() => agree([newcomer]), `${name}: a newcomer shows it too`);
  assert.ok(together[0].text.length > 0);
}

/** Lets the server and everybody's sockets have their turn. */
const breathe = () => new Promise((resolve) => setImmediate(resolve));

for (const kind of KINDS)
  test(`two of ${kind} write at once, seed ${SEED}`, async () => {
    const together = await here.invite(kind, [kind, kind]);
    for (let change = 0; change < CHANGES; ++change) {
      write(together[random.below(2)].document, random);
      if (random.below(4) === 0) await breathe();
    }
    await converge(kind, together);
  });

test(`twenty of all kinds write at once and are cut off, seed ${SEED}`, async () => {
  const together = await here.invite('crowd', Array.from({ length: 20 }, (_, index) => KINDS[index % KINDS.length]));
  for (let change = 0; change < CHANGES * 4; ++change) {
    const peer = together[random.below(together.length)];
    write(peer.document, random);
    if (random.below(40) === 0) peer.cut();
    if (random.below(4) === 0) await breathe();
  }
  await converge('crowd', together);
});

test(`everybody carries on when the engine is killed and started again, seed ${SEED}`, async () => {
  const together = await here.invite('lives', KINDS);
  for (let life = 0; life < 3; ++life) {
    for (let change = 0; change < CHANGES; ++change) {
      write(together[random.below(together.length)].document, random);
      if (random.below(4) === 0) await breathe();
    }
    await here.engine.kill();
    for (const { document } of together) write(document, random);
    await here.engine.start();
  }
  await converge('lives', together);
});

for (const kind of KINDS.filter((each) => PROVIDERS[each].tellsWhatIsStored))
  test(`what ${kind} calls stored is there after the engine was killed, seed ${SEED}`, async () => {
    const name = `stored-${kind}`;
    const [writer] = await here.invite(name, [kind]);
    for (let change = 0; change < CHANGES; ++change) write(writer.document, random);
    await writer.whenStored();
    const stored = contentOf(writer.document);
    // Nobody who could send it anew is left.
    here.lose(writer);
    await here.engine.kill();
    await here.engine.start();
    const [reader] = await here.invite(name, ['y-websocket 3']);
    assert.deepEqual(contentOf(reader.document), stored);
  });
