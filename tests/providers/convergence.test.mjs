import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';

import { Engine } from '../e2e/fixture/engine.mjs';
import { Random, SEED } from '../e2e/fixture/random.mjs';
import { Peer, PROVIDERS } from './fixture/peer.mjs';
import { until } from './fixture/until.mjs';
import { contentOf, write } from './fixture/writing.mjs';

const KINDS = Object.keys(PROVIDERS);
const CHANGES = Number(process.env.QUIRE_ROUNDS ?? 150);

const random = new Random(SEED);
let engine;
const peers = [];

before(async () => {
  engine = await Engine.start();
});

after(async () => {
  for (const peer of peers) peer.close();
  await engine?.remove();
});

async function invite(name, kinds) {
  const invited = kinds.map((kind) => new Peer(kind, engine.url, name));
  peers.push(...invited);
  await Promise.all(invited.map((peer) => peer.whenSynced()));
  return invited;
}

/** Waits until all show the same, and a newcomer, who has only what is stored, shows it too. */
async function converge(name, together) {
  const agree = (others) => others.every((peer) => isDeepStrictEqual(contentOf(peer.document), contentOf(together[0].document)));
  await Promise.all(together.map((peer) => peer.whenStored()));
  await until(() => agree(together), `${name}: all show the same`);
  const [newcomer] = await invite(name, ['Hocuspocus 4']);
  await until(() => agree([newcomer]), `${name}: a newcomer shows it too`);
  assert.ok(together[0].text.length > 0);
}

/** Lets the server and everybody's sockets have their turn. */
const breathe = () => new Promise((resolve) => setImmediate(resolve));

for (const kind of KINDS)
  test(`two of ${kind} write at once, seed ${SEED}`, async () => {
    const together = await invite(kind, [kind, kind]);
    for (let change = 0; change < CHANGES; ++change) {
      write(together[random.below(2)].document, random);
      if (random.below(4) === 0) await breathe();
    }
    await converge(kind, together);
  });

test(`twenty of all kinds write at once and are cut off, seed ${SEED}`, async () => {
  const together = await invite('crowd', Array.from({ length: 20 }, (_, index) => KINDS[index % KINDS.length]));
  for (let change = 0; change < CHANGES * 4; ++change) {
    const peer = together[random.below(together.length)];
    write(peer.document, random);
    if (random.below(40) === 0) peer.cut();
    if (random.below(4) === 0) await breathe();
  }
  await converge('crowd', together);
});

test(`everybody carries on when the engine is killed and started again, seed ${SEED}`, async () => {
  const together = await invite('lives', KINDS);
  for (let life = 0; life < 3; ++life) {
    for (let change = 0; change < CHANGES; ++change) {
      write(together[random.below(together.length)].document, random);
      if (random.below(4) === 0) await breathe();
    }
    await engine.kill();
    for (const { document } of together) write(document, random);
    await engine.start();
  }
  await converge('lives', together);
});

for (const kind of KINDS.filter((each) => PROVIDERS[each].tellsWhatIsStored))
  test(`what ${kind} calls stored is there after the engine was killed, seed ${SEED}`, async () => {
    const name = `stored-${kind}`;
    const [writer] = await invite(name, [kind]);
    for (let change = 0; change < CHANGES; ++change) write(writer.document, random);
    await writer.whenStored();
    const stored = contentOf(writer.document);
    // Nobody who could send it anew is left.
    writer.vanish();
    peers.splice(peers.indexOf(writer), 1);
    await engine.kill();
    await engine.start();
    const [reader] = await invite(name, ['y-websocket 3']);
    assert.deepEqual(contentOf(reader.document), stored);
  });
