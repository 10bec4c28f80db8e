import { after, before, test } from 'node:test';

import { Engine } from '../e2e/fixture/engine.mjs';
import { Peer, PROVIDERS } from './fixture/peer.mjs';
import { until } from './fixture/until.mjs';

const KINDS = Object.keys(PROVIDERS);
let engine;
const peers = [];

before(async () => {
  engine = await Engine.start();
});

after(async () => {
  for (const peer of peers) peer.close();
  await engine?.remove();
});

async function invite(name, ...kinds) {
  const invited = kinds.map((kind) => new Peer(kind, engine.url, name));
  peers.push(...invited);
  await Promise.all(invited.map((peer) => peer.whenSynced()));
  return invited;
}

const nameSeen = (viewer, other) => viewer.awareness.getStates().get(other.document.clientID)?.name;

for (const kind of KINDS)
  test(`${kind}: who is here is seen by all kinds, newcomers too, and forgotten when the tab crashed`, async () => {
    const together = await invite(`here-${kind}`, kind, ...KINDS);
    const [ada, ...others] = together;
    ada.awareness.setLocalState({ name: 'Ada', cursor: 3 });
    for (const other of others) await until(() => nameSeen(other, ada) === 'Ada', `${other.kind} sees Ada`);
    const [newcomer] = await invite(`here-${kind}`, kind);
    await until(() => nameSeen(newcomer, ada) === 'Ada', 'a newcomer sees Ada');
    ada.vanish();
    peers.splice(peers.indexOf(ada), 1);
    for (const other of [...others, newcomer])
      await until(() => nameSeen(other, ada) === undefined, `${other.kind} sees that Ada is gone`);
  });

test('who was cut off is seen again as soon as the provider is back', async () => {
  for (const kind of KINDS) {
    const [ada, ben] = await invite(`back-${kind}`, kind, 'y-websocket 3');
    ada.awareness.setLocalState({ name: 'Ada' });
    await until(() => nameSeen(ben, ada) === 'Ada', `Ada is seen, by ${kind}`);
    await ada.comeBack();
    ada.awareness.setLocalState({ name: 'Ada again' });
    await until(() => nameSeen(ben, ada) === 'Ada again', `Ada is seen again, by ${kind}`);
  }
});
