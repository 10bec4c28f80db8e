import { after, before, test } from 'node:test';

import { Gathering } from './fixture/gathering.mjs';
import { PROVIDERS } from './fixture/peer.mjs';
import { until } from './fixture/until.mjs';

const KINDS = Object.keys(PROVIDERS);
let here;

before(async () => {
  here = await Gathering.start();
});

after(() => here?.end());

const nameSeen = (viewer, other) => viewer.awareness.getStates().get(other.document.clientID)?.name;

for (const kind of KINDS)
  test(`${kind}: who is here is seen by all kinds, newcomers too, and forgotten when the tab crashed`, async () => {
    const together = await here.invite(`here-${kind}`, [kind, ...KINDS]);
    const [ada, ...others] = together;
    ada.awareness.setLocalState({ name: 'Ada', cursor: 3 });
    for (const other of others) await until(() => nameSeen(other, ada) === 'Ada', `${other.kind} sees Ada`);
    const [newcomer] = await here.invite(`here-${kind}`, [kind]);
    await until(() => nameSeen(newcomer, ada) === 'Ada', 'a newcomer sees Ada');
    here.lose(ada);
    for (const other of [...others, newcomer])
      await until(() => nameSeen(other, ada) === undefined, `${other.kind} sees that Ada is gone`);
  });

test('who was cut off is seen again as soon as the provider is back', async () => {
  for (const kind of KINDS) {
    const [ada, ben] = await here.invite(`back-${kind}`, [kind, 'y-websocket 3']);
    ada.awareness.setLocalState({ name: 'Ada' });
    await until(() => nameSeen(ben, ada) === 'Ada', `Ada is seen, by ${kind}`);
    await ada.comeBack();
    ada.awareness.setLocalState({ name: 'Ada again' });
    await until(() => nameSeen(ben, ada) === 'Ada again', `Ada is seen again, by ${kind}`);
  }
});
