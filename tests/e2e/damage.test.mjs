import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';

import { WebSocket } from 'ws';

import { connect } from '../../protocol/client/dist/src/index.js';
import { launch, PATIENCE } from './fixture/browsers.mjs';
import { Engine } from './fixture/engine.mjs';

const WRITTEN = 'what somebody wrote';
const DAMAGED = 'what nobody   wrote';

let browser;
let engine;

before(async () => {
  engine = await Engine.start();
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await engine?.remove();
});

function connectHere() {
  return connect(`${engine.url.replace('http', 'ws')}/v1/connect`, { WebSocket });
}

async function write(client, name, text) {
  const document = await client.open(name);
  document.insert(0, text);
  await document.saved();
}

const inFile = async (text) => (await readFile(engine.file)).includes(text);

test('bytes changed in the file close their document with a reason, and it is left as it is', async () => {
  const author = connectHere();
  await write(author, 'notes', WRITTEN);
  await write(author, 'plans', 'more ');
  author.close();
  await engine.stop();
  const bytes = await readFile(engine.file);
  const at = bytes.indexOf(WRITTEN);
  assert.ok(at > 0);
  bytes.write(DAMAGED, at);
  await writeFile(engine.file, bytes);
  await engine.start();

  const client = connectHere();
  const refusal = await client.open('notes').then(assert.fail, (error) => error);
  assert.equal(refusal.code, 'document_damaged');
  assert.equal(refusal.fault, 'server');
  assert.equal(refusal.detail, "default/notes (generation 1): revision 1: the log's row does not match its checksum");
  await write(client, 'plans', 'and ');
  assert.equal(await engine.text('plans'), 'and more ');

  const context = await browser.newContext();
  context.setDefaultTimeout(PATIENCE);
  const page = await context.newPage();
  await page.goto(`${engine.url}/d/notes`);
  await page.getByRole('alert').filter({ hasText: 'document_damaged' }).waitFor();
  await page.locator('[data-part=chip-text]:visible').getByText('Closed', { exact: true }).waitFor();
  await context.close();
  client.close();
  await engine.stop();
  assert.ok(await inFile(DAMAGED), 'nothing was repaired or overwritten');
  assert.ok(!(await inFile(WRITTEN)));
});
