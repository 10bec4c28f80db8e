import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { WebSocket } from 'ws';

import { connect } from '../../protocol/client/dist/src/index.js';
import { Engine } from './fixture/engine.mjs';

const SEED = Number(process.env.QUIRE_SEED ?? Date.now() % 1_000_000);
const ROUNDS = Number(process.env.QUIRE_ROUNDS ?? 300);
const WRITERS = 4;

let engine;

before(async () => {
  engine = await Engine.start();
});

after(() => engine?.remove());

/** The same seed, the same choices; when what happens is the machine's. */
function chanceOf(seed) {
  let state = seed;
  return (end) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * end);
  };
}

/** Sockets that can all be cut off. */
function cuttable() {
  const open = new Set();
  class Socket extends WebSocket {
    constructor(...address) {
      super(...address);
      open.add(this);
      this.on('close', () => open.delete(this));
    }
  }
  return { Socket, cut: () => [...open].forEach((socket) => socket.terminate()) };
}

class Writer {
  marks = [];

  static async open(url) {
    const writer = new Writer();
    writer.sockets = cuttable();
    writer.client = connect(url, { WebSocket: writer.sockets.Socket, agent: 'storm' });
    writer.document = await writer.client.open('storm');
    writer.document.on('copy', () => assert.fail('nothing here needs a copy'));
    return writer;
  }

  /** Puts in a code point that nobody else ever does. */
  mark(chance, number) {
    const mark = String.fromCodePoint(0x20000 + number);
    const { text } = this.document;
    const offset = Array.from(text).slice(0, chance(Array.from(text).length + 1)).join('').length;
    this.marks.push(mark);
    this.document.insert(offset, mark);
  }
}

test(`clients that are cut off while the engine is killed lose nothing and converge, seed ${SEED}`, async () => {
  const chance = chanceOf(SEED);
  const url = `${engine.url.replace('http', 'ws')}/v1/connect`;
  const writers = await Promise.all(Array.from({ length: WRITERS }, () => Writer.open(url)));
  for (let round = 0; round < ROUNDS; ++round) {
    const writer = writers[chance(WRITERS)];
    writer.mark(chance, round);
    const what = chance(60);
    if (what < 3) writer.sockets.cut();
    if (what === 3) await engine.kill().then(() => engine.start());
    if (what > 50) await writer.document.saved();
  }
  await Promise.all(writers.map(({ document }) => document.saved()));
  const text = await engine.text('storm');
  for (const { document } of writers) await shows(document, text);
  assert.equal(Array.from(text).length, ROUNDS);
  for (const { marks, client } of writers) {
    for (const mark of marks) assert.equal(text.split(mark).length, 2, 'each mark is there once');
    client.close();
  }
});

function shows(document, text) {
  if (document.text === text) return undefined;
  return new Promise((resolve) => document.on('change', () => document.text === text && resolve()));
}
