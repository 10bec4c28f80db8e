import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import * as Y from 'yjs';

import { Engine } from '../e2e/fixture/engine.mjs';
import { Peer, PROVIDERS } from './fixture/peer.mjs';
import { until } from './fixture/until.mjs';

const KINDS = Object.keys(PROVIDERS);
const MUCH = 20 * 1024 * 1024;

let engine;
const peers = [];

before(async () => {
  engine = await Engine.start();
});

after(async () => {
  for (const peer of peers) peer.close();
  await engine?.remove();
});

async function invite(name, kind, content) {
  const peer = new Peer(kind, engine.url, name);
  if (content) Y.applyUpdate(peer.document, content);
  peers.push(peer);
  await peer.whenSynced();
  return peer;
}

const agree = (together, length) =>
  until(() => together.every(({ text }) => text.length === length && text.toString() === together[0].text.toString()), 'all show the same');

for (const kind of ['y-websocket 3', 'Hocuspocus 4'])
  test(`what is pasted with ${kind} reaches clients of all kinds, who are not cut off`, async () => {
    const name = `paste-${kind}`;
    const together = await Promise.all(KINDS.map((each) => invite(name, each)));
    const writer = await invite(name, kind);
    together.push(writer);
    const before = together.map((peer) => peer.connections);
    writer.text.insert(0, 'a paste. '.repeat(MUCH / 9));
    for (const { text } of together) text.insert(0, '!');
    await agree(together, Math.floor(MUCH / 9) * 9 + together.length);
    await Promise.all(together.map((peer) => peer.whenStored()));
    assert.deepEqual(
      together.map((peer) => peer.connections),
      before,
    );
    await engine.kill();
    await engine.start();
    const newcomer = await invite(name, 'y-websocket 1.5');
    assert.equal(newcomer.text.toString(), writer.text.toString());
    for (const peer of peers.splice(0)) peer.close();
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
    const owner = await invite(name, kind, Y.encodeStateAsUpdate(document));
    const reader = await invite(name, 'Hocuspocus 3');
    await until(() => reader.document.getXmlFragment('xml').length === 60_000, 'the reader has it');
    assert.equal(reader.document.getXmlFragment('xml').toString(), document.getXmlFragment('xml').toString());
    owner.cut();
    await owner.whenSynced();
    for (const peer of peers.splice(0)) peer.close();
  });
