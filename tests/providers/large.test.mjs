import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import * as Y from 'yjs';

import { Gathering } from './fixture/gathering.mjs';
import { PROVIDERS } from './fixture/peer.mjs';
import { until } from './fixture/until.mjs';

const KINDS = Object.keys(PROVIDERS);
const MUCH = 20 * 1024 * 1024;

let here;

before(async () => {
  here = await Gathering.start();
});

after(() => here?.end());

const agree = (together, length) =>
  until(() => together.every(({ text }) => text.length === length && text.toString() === together[0].text.toString()), 'all show the same');

for (const kind of ['y-websocket 3', 'Hocuspocus 4'])
  test(`what is pasted with ${kind} reaches clients of all kinds, who are not cut off`, async () => {
    const name = `paste-${kind}`;
    const together = await here.invite(name, [kind, ...KINDS]);
    const [writer] = together;
    const before = together.map((peer) => peer.connections);
    writer.text.insert(0, 'a paste. '.repeat(MUCH / 9));
    for (const { text } of together) text.insert(0, '!');
    await agree(together, Math.floor(MUCH / 9) * 9 + together.length);
    await Promise.all(together.map((peer) => peer.whenStored()));
    assert.deepEqual(
      together.map((peer) => peer.connections),
      before,
    );
    await here.engine.kill();
    await here.engine.start();
    const [newcomer] = await here.invite(name, ['y-websocket 1.5']);
    assert.equal(newcomer.text.toString(), writer.text.toString());
    here.part();
  });

for (const kind of ['y-websocket 3', 'Hocuspocus 4'])
  test(`a large document that was written before it was first opened here is taken from ${kind} whole`, async () => {
    const document = new Y.Doc();
    const paragraphs = document.getXmlFragment('xml');
    // At once: each that is pushed alone would look for the end from the beginning.
    const text = 'It has a few words. '.repeat(15);
    paragraphs.insert(
      0,
      Array.from({ length: 60_000 }, (_, number) => {
        const paragraph = new Y.XmlElement('paragraph');
        paragraph.insert(0, [new Y.XmlText(`Paragraph ${number}. ${text}`)]);
        return paragraph;
      }),
    );
    const name = `moved-${kind}`;
    const [owner] = await here.invite(name, [kind], Y.encodeStateAsUpdate(document));
    const [reader] = await here.invite(name, ['Hocuspocus 3']);
    await until(() => reader.document.getXmlFragment('xml').length === 60_000, 'the reader has it');
    assert.equal(reader.document.getXmlFragment('xml').toString(), document.getXmlFragment('xml').toString());
    owner.cut();
    await owner.whenSynced();
    here.part();
  });
