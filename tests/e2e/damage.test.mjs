import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { test } from 'node:test';

import { WebSocket } from 'ws';

import { connect } from '../../protocol/client/dist/src/index.js';
import { Gathering } from './fixture/gathering.mjs';

const WRITTEN = 'what somebody wrote';
const DAMAGED = 'what nobody   wrote';

const here = new Gathering();

function connectHere() {
  return connect(`${here.engine.url.replace('http', 'ws')}/v1/connect`, { WebSocket });
}

async function write(client, name, text) {
  const document = await client.open(name);
  document.insert(0, text);
  await document.saved();
}

const inFile = async (text) => (await readFile(here.engine.file)).includes(text);

test('bytes changed in the file close their document with a reason, and it is left as it is', async () => {
  const author = connectHere();
  await write(author, 'notes', WRITTEN);
  await write(author, 'plans', 'more ');
  author.close();
  await here.engine.stop();
  const bytes = await readFile(here.engine.file);
  const at = bytes.indexOf(WRITTEN);
  assert.ok(at > 0);
  bytes.write(DAMAGED, at);
  await writeFile(here.engine.file, bytes);
  await here.engine.start();

  const client = connectHere();
  const refusal = await client.open('notes').then(assert.fail, (error) => error);
  assert.equal(refusal.code, 'document_damaged');
  assert.equal(refusal.fault, 'server');
  assert.equal(refusal.detail, "default/notes (generation 1): revision 1: the log's row does not match its checksum");
  await write(client, 'plans', 'and ');
  assert.equal(await here.engine.text('plans'), 'and more ');

  const page = await here.newPage();
  await page.goto(`${here.engine.url}/d/notes`);
  await page.getByRole('alert').filter({ hasText: 'document_damaged' }).waitFor();
  await page.locator('[data-part=chip-text]:visible').getByText('Closed', { exact: true }).waitFor();
  client.close();
  await here.engine.stop();
  assert.ok(await inFile(DAMAGED), 'nothing was repaired or overwritten');
  assert.ok(!(await inFile(WRITTEN)));
});
