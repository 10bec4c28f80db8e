import assert from 'node:assert/strict';
import test from 'node:test';

import { QuireError, type TextDocument } from '../src/index.js';
import { DEFAULT_LIMITS } from './fixture/fake_server.js';
import { Scene } from './fixture/scene.js';

function states(document: TextDocument): string[] {
  const seen: string[] = [document.state];
  document.on('state', (state) => seen.push(state));
  return seen;
}

test('what one writes the other reads', async () => {
  const scene = new Scene();
  const [alice, bob] = [await scene.open(), await scene.open()];
  alice.insert(0, 'Hello 𝔸');
  await scene.until(() => bob.text === 'Hello 𝔸', 'bob has it');
  bob.replace(6, 8, 'you');
  await scene.until(() => alice.text === 'Hello you', 'alice has it');
});

test('a change tells where it came from', async () => {
  const scene = new Scene();
  const [alice, bob] = [await scene.open(), await scene.open()];
  const origins: string[] = [];
  alice.on('change', ({ origin }) => origins.push(origin));
  alice.insert(0, 'a');
  await scene.done(alice.saved());
  alice.undo();
  alice.redo();
  bob.insert(0, 'b');
  await scene.until(() => alice.text.length === 2, 'alice has it');
  assert.deepEqual(origins, ['local', 'undo', 'redo', 'remote']);
});

test('the state tells what is saved and what is not', async () => {
  const scene = new Scene();
  const alice = await scene.open();
  const seen = states(alice);
  alice.insert(0, 'a');
  assert.equal(alice.state, 'saving');
  assert.equal(scene.text, '');
  await scene.done(alice.saved());
  assert.equal(scene.text, 'a');
  scene.killServer();
  await scene.until(() => alice.state === 'offline', 'it is noticed');
  scene.startServer();
  await scene.until(() => alice.state === 'saved', 'it is back');
  assert.deepEqual(seen.slice(0, 4), ['saved', 'saving', 'saved', 'offline']);
});

test('what is written offline is kept and sent later, as one edit', async () => {
  const scene = new Scene();
  const [alice, bob] = [await scene.open(), await scene.open()];
  scene.killServer();
  await scene.until(() => alice.state === 'offline', 'it is noticed');
  for (const letter of 'offline') alice.insert(alice.text.length, letter);
  assert.ok(!alice.isSaved);
  scene.startServer();
  await scene.done(alice.saved());
  await scene.until(() => bob.text === 'offline', 'bob has it');
  assert.equal(scene.store.get('default/page').revision, 1);
});

test('both sides of a parting are kept when they meet again', async () => {
  const scene = new Scene();
  const [alice, bob] = [await scene.open(), await scene.open()];
  alice.insert(0, 'common ground');
  await scene.until(() => bob.text === 'common ground', 'bob has it');
  scene.killServer();
  await scene.until(() => alice.state === 'offline' && bob.state === 'offline', 'both notice');
  alice.insert(0, 'A ');
  bob.replace(7, 13, 'cause');
  scene.startServer();
  await scene.until(() => alice.state === 'saved' && bob.state === 'saved', 'all is saved');
  await scene.until(() => alice.text === bob.text, 'they meet');
  assert.equal(alice.text, 'A common cause');
});

test('one who answers a change with an edit confuses nobody', async () => {
  const scene = new Scene();
  const [alice, bob] = [await scene.open(), await scene.open()];
  let shown = '';
  bob.on('change', ({ changes, origin }) => {
    for (const { from, to, insert } of [...changes].reverse()) shown = shown.slice(0, from) + insert + shown.slice(to);
    if (origin === 'remote' && !bob.text.includes('!')) bob.insert(0, '!');
  });
  alice.insert(0, 'a');
  scene.cutAll();
  alice.insert(1, 'b');
  await scene.until(() => bob.text === '!ab', 'bob has it');
  await scene.done(bob.saved());
  assert.equal(shown, '!ab');
});

test('a document deleted and made anew leaves a copy of what was not saved', async () => {
  const scene = new Scene();
  const alice = await scene.open();
  alice.insert(0, 'old');
  await scene.done(alice.saved());
  const copies: string[] = [];
  alice.on('copy', ({ content, reason }) => copies.push(`${content} ${reason?.code}`));
  scene.killServer();
  await scene.until(() => alice.state === 'offline', 'it is noticed');
  alice.insert(3, ' work');
  scene.store.delete('default/page');
  scene.startServer();
  await scene.until(() => alice.state === 'saved', 'it is back');
  assert.equal(alice.text, '');
  assert.deepEqual(copies, ['old work generation_changed']);
});

test('a document that is deleted under its writer ends, and leaves a copy of what was not saved', async () => {
  const scene = new Scene();
  const alice = await scene.open();
  alice.insert(0, 'old');
  await scene.done(alice.saved());
  const told: string[] = [];
  alice.on('copy', ({ content }) => told.push(content));
  alice.on('error', ({ code }) => told.push(code));
  alice.insert(3, ' work');
  scene.server.closeDocument('default/page', 'document_deleted');
  await scene.until(() => alice.state === 'closed', 'it is closed');
  assert.deepEqual(told, ['old work', 'document_deleted']);
});

test('a resume that is answered with a snapshot keeps unsent work', async () => {
  const scene = new Scene({ ...DEFAULT_LIMITS, catchUpMax: 0 });
  const [alice, bob] = [await scene.open(), await scene.open()];
  alice.insert(0, 'one\ntwo\n');
  await scene.until(() => bob.text === 'one\ntwo\n', 'bob has it');
  scene.simulation.announceNetwork(false);
  scene.killServer();
  await scene.until(() => alice.state === 'offline', 'it is noticed');
  alice.insert(8, 'three\n');
  scene.startServer();
  await scene.until(() => bob.state === 'saved', 'bob is back');
  bob.insert(0, 'zero\n');
  await scene.done(bob.saved());
  await scene.done(alice.saved());
  assert.equal(alice.text, 'zero\none\ntwo\nthree\n');
});

test('a paste over the limit of one edit goes out in several', async () => {
  const scene = new Scene();
  const [alice, bob] = [await scene.open(), await scene.open()];
  const large = 'x𝔸\n'.repeat(300_000);
  alice.insert(0, large);
  await scene.done(alice.saved());
  await scene.until(() => bob.text.length === large.length, 'bob has it');
  assert.ok(bob.text === large);
  assert.ok(scene.store.get('default/page').revision > 1);
});

test('others see a selection, and it moves with the text', async () => {
  const scene = new Scene();
  const [alice, bob] = [await scene.open(), await scene.open()];
  alice.insert(0, 'a𝔸b');
  alice.setPresence({ selection: { anchor: 1, head: 3 }, state: { name: 'Alice' } });
  await scene.until(() => bob.peers.length === 1, 'bob sees alice');
  assert.deepEqual(bob.peers[0]?.selection, { anchor: 1, head: 3 });
  assert.deepEqual(bob.peers[0]?.state, { name: 'Alice' });
  bob.insert(0, '𝔸');
  assert.deepEqual(bob.peers[0]?.selection, { anchor: 3, head: 5 });
  alice.insert(4, '!');
  await scene.until(() => bob.text.endsWith('!'), 'bob has it');
  assert.deepEqual(bob.peers[0]?.selection, { anchor: bob.text.length, head: bob.text.length });
});

test('who leaves is not shown any more', async () => {
  const scene = new Scene();
  const [alice, bob] = [await scene.open(), await scene.open()];
  alice.setPresence({ state: { name: 'Alice' } });
  await scene.until(() => bob.peers.length === 1, 'bob sees alice');
  alice.setPresence(null);
  await scene.until(() => bob.peers.length === 0, 'alice hides');
  alice.setPresence({ state: { name: 'Alice' } });
  await scene.until(() => bob.peers.length === 1, 'bob sees alice');
  alice.close();
  await scene.until(() => bob.peers.length === 0, 'alice has left');
  assert.equal(alice.state, 'closed');
});

test('who comes back is shown again without being asked', async () => {
  const scene = new Scene();
  const [alice, bob] = [await scene.open(), await scene.open()];
  alice.setPresence({ state: { name: 'Alice' } });
  await scene.until(() => bob.peers.length === 1, 'bob sees alice');
  scene.killServer();
  await scene.until(() => bob.peers.length === 0, 'nobody is seen');
  scene.startServer();
  await scene.until(() => bob.peers.length === 1, 'bob sees alice again');
});

test('presence is sent ten times a second at most', async () => {
  const scene = new Scene();
  const [alice, bob] = [await scene.open(), await scene.open()];
  let told = 0;
  bob.on('presence', () => told++);
  for (let step = 0; step < 100; ++step) {
    alice.setPresence({ state: step });
    await scene.advance(10);
  }
  await scene.until(() => bob.peers[0]?.state === 99, 'the last one arrives');
  assert.ok(told <= 12, `${told} times`);
});

test('presence over its limit is refused here and goes on as it was', async () => {
  const scene = new Scene();
  const alice = await scene.open();
  assert.throws(() => alice.setPresence({ state: 'x'.repeat(5_000) }), { code: 'too_much_presence' });
  alice.setPresence({ state: 'x' });
});

test('a document that cannot be opened says why', async () => {
  const scene = new Scene();
  const client = scene.client();
  await assert.rejects(scene.done(client.open('')), (error) => error instanceof QuireError && error.code === 'invalid_name');
  const page = await scene.open(client);
  assert.equal(page.state, 'saved');
});

test('a closed document refuses edits and its promises', async () => {
  const scene = new Scene();
  const alice = await scene.open();
  alice.insert(0, 'a');
  const saved = alice.saved();
  alice.close();
  await assert.rejects(saved, { code: 'closed_here' });
  assert.throws(() => alice.insert(0, 'b'), { code: 'closed_here' });
  assert.ok(!alice.canUndo && !alice.undo());
  await assert.rejects(alice.saved(), { code: 'closed_here' });
});

test('an open that fails for now is told of, and succeeds by itself later', async () => {
  const scene = new Scene();
  const client = scene.client();
  const delays: string[] = [];
  client.on('delay', ({ document, reason }) => delays.push(`${document.name}: ${reason.code}`));
  scene.server.opensFail = 'store_unavailable';
  const opening = client.open('page');
  await scene.until(() => delays.length === 2, 'it was tried twice');
  assert.deepEqual(delays, ['page: store_unavailable', 'page: store_unavailable']);
  scene.server.opensFail = null;
  const alice = await scene.done(opening);
  alice.insert(0, 'a');
  await scene.done(alice.saved());
  assert.equal(delays.length, 2);
});

test('opening a document twice gives the same one, and after closing it anew', async () => {
  const scene = new Scene();
  const client = scene.client();
  const first = await scene.open(client);
  assert.equal(await scene.open(client), first);
  first.close();
  const second = await scene.open(client);
  assert.notEqual(second, first);
  second.insert(0, 'again');
  await scene.done(second.saved());
});
