import assert from 'node:assert/strict';
import { test } from 'node:test';

import { contrasts, luminanceOf } from './fixture/contrast.mjs';
import { Gathering } from './fixture/gathering.mjs';
import { RawClient } from './fixture/raw_client.mjs';

/** What WCAG 2.1 asks for text of any size (success criterion 1.4.3). */
const CONTRAST_MIN = 4.5;
/** A Yjs update (v1) that writes "x" at the beginning of the text `codemirror`. */
const UPDATE = Uint8Array.from([1, 1, 5, 0, 4, 1, 10, ...Buffer.from('codemirror'), 1, ...Buffer.from('x'), 0]);

const here = new Gathering();

async function writeText(name) {
  const address = `${here.engine.url}/v1/documents/default/${encodeURIComponent(name)}`;
  const headers = { 'If-None-Match': '*', 'Content-Type': 'text/plain' };
  const answer = await fetch(address, { method: 'PUT', headers, body: 'x' });
  assert.ok([201, 412].includes(answer.status), `${name}: ${answer.status}`);
}

async function writeYjs(name) {
  const client = new RawClient(here.engine.url, name, 'yjs');
  await client.connect();
  assert.ok(await client.edit(UPDATE));
  client.close();
}

/** A start page that has listed what there is. */
async function startPage(options) {
  const page = await here.newPage(options);
  await page.goto(here.engine.url);
  await page.locator('[data-part=all-list] li').first().waitFor();
  return page;
}

function entries(page, part) {
  return page.locator(`[data-part=${part}] li`);
}

/** Where an entry of the list leads. */
function targets(page, name) {
  const entry = entries(page, 'all-list').filter({ hasText: name });
  return entry.locator('a').evaluateAll((links) => links.map((link) => link.getAttribute('href')));
}

test('the engine’s documents are listed some at a time, each with its type and the editors that it has', async () => {
  for (let number = 10; number < 34; ++number) await writeText(`list ${number}`);
  await writeYjs('list / yjs');
  const page = await startPage();
  assert.equal(await entries(page, 'all-list').count(), 20);
  assert.equal(await page.locator('[data-part=recent]').isVisible(), false);
  await page.getByRole('button', { name: 'Show more' }).press('Enter');
  await entries(page, 'all-list').nth(24).waitFor();
  await page.getByRole('button', { name: 'Show more' }).waitFor({ state: 'hidden' });
  const names = await page.locator('[data-part=all-list] .entry-name').allTextContents();
  assert.equal(names.length, 25);
  assert.deepEqual([...names].sort(), [...new Set(names)], 'each is there once, by name');
  const focused = await page.evaluate(() => document.activeElement?.textContent);
  assert.equal(focused, names[20], 'who asked by keyboard goes on at what came');

  await entries(page, 'all-list').filter({ hasText: 'list 10' }).getByText('text', { exact: true }).waitFor();
  assert.deepEqual(await targets(page, 'list 10'), ['/d/list%2010']);
  await entries(page, 'all-list').filter({ hasText: 'list / yjs' }).getByText('yjs', { exact: true }).waitFor();
  assert.deepEqual(await targets(page, 'list / yjs'), ['/tiptap/d/list%20%2F%20yjs', '/codemirror-yjs/d/list%20%2F%20yjs']);
});

test('a new document begins in the editor that is chosen, and is found again with it', async () => {
  await writeText('somewhere');
  const page = await startPage();
  for (const [label, folder, keys] of [
    ['Tiptap', 'tiptap', 1],
    ['CodeMirror', 'codemirror-yjs', 2],
  ]) {
    await page.getByLabel('Document', { exact: true }).fill(`new in ${label}`);
    await page.getByLabel('Text', { exact: true }).focus();
    for (let key = 0; key < keys; ++key) await page.keyboard.press('ArrowRight');
    assert.ok(await page.getByLabel(label, { exact: true }).isChecked());
    await page.locator('[data-part=choice-hint]').getByText(`with ${label}`).waitFor();
    await page.getByLabel('Document', { exact: true }).press('Enter');
    await page.waitForURL(`**/${folder}/d/new%20in%20${label}`);
    assert.equal(await page.getByRole('heading', { level: 1 }).textContent(), `new in ${label}`);
    await page.getByRole('textbox', { name: 'Document text' }).waitFor();
    await page.getByRole('link', { name: 'All documents' }).click();
    const recent = entries(page, 'recent-list').filter({ hasText: `new in ${label}` });
    await recent.getByText(label, { exact: true }).waitFor();
    assert.equal(await recent.locator('a').getAttribute('href'), `/${folder}/d/new%20in%20${label}`);
  }
  await page.getByLabel('CodeMirror', { exact: true }).check({ force: true });
  await page.getByRole('button', { name: 'Start with a blank page' }).click();
  await page.waitForURL('**/codemirror-yjs/d/page-*');
});

test('a document of the list opens first in the editor that it had here', async () => {
  await writeYjs('a yjs one');
  const page = await startPage();
  assert.deepEqual(await targets(page, 'a yjs one'), ['/tiptap/d/a%20yjs%20one', '/codemirror-yjs/d/a%20yjs%20one']);
  await page.getByRole('link', { name: 'a yjs one in CodeMirror' }).click();
  await page.waitForURL('**/codemirror-yjs/d/a%20yjs%20one');
  await page.getByRole('link', { name: 'All documents' }).click();
  await entries(page, 'all-list').first().waitFor();
  assert.deepEqual(await targets(page, 'a yjs one'), ['/codemirror-yjs/d/a%20yjs%20one', '/tiptap/d/a%20yjs%20one']);
});

test('a name whose document is of another type is offered in the editors that it has', async () => {
  await writeYjs('taken by yjs');
  await writeText('taken by text');
  const page = await startPage();
  const alert = page.getByRole('alert');
  await page.getByLabel('Document', { exact: true }).fill('taken by yjs');
  await page.getByRole('button', { name: 'Open' }).click();
  await alert.filter({ hasText: 'a document of type yjs' }).waitFor();
  assert.deepEqual(await alert.getByRole('link').allTextContents(), ['Open it in Tiptap', 'Open it in CodeMirror']);
  await page.getByLabel('Document', { exact: true }).fill('taken by text');
  await page.getByLabel('Tiptap', { exact: true }).check({ force: true });
  await page.getByRole('button', { name: 'Open' }).click();
  await alert.filter({ hasText: 'a document of type text' }).waitFor();
  await alert.getByRole('link', { name: 'Open it in Text' }).click();
  await page.waitForURL('**/d/taken%20by%20text');
  await page.locator('html[data-state=saved]').waitFor();
});

test('documents that cannot be listed are asked for again', async () => {
  await writeText('hard to list');
  const page = await here.newPage();
  let isDown = true;
  await page.route('**/v1/documents/default?*', (route) => (isDown ? route.abort() : route.continue()));
  await page.goto(here.engine.url);
  await page.getByText('The documents cannot be listed now.').waitFor();
  isDown = false;
  await page.getByRole('button', { name: 'Try again' }).click();
  await entries(page, 'all-list').first().waitFor();
  await page.getByText('The documents cannot be listed now.').waitFor({ state: 'detached' });
});

for (const [colorScheme, isRight] of [
  ['light', (luminance) => luminance > 0.8],
  ['dark', (luminance) => luminance < 0.05],
])
  test(`on a ${colorScheme} page all can be read, and on a phone nothing is cut off`, async () => {
    await writeText('x'.repeat(200));
    await writeYjs('y'.repeat(200));
    const viewport = { width: 360, height: 740 };
    const page = await startPage({ viewport, colorScheme, reducedMotion: 'reduce' });
    await page.getByLabel('Document', { exact: true }).fill('y'.repeat(120));
    await page.getByRole('button', { name: 'Open' }).focus();
    const looks = async (when) => {
      assert.ok(isRight(await luminanceOf(page)), `${when} is ${colorScheme}`);
      const [shown, needed] = await page.evaluate(() => [innerWidth, document.documentElement.scrollWidth]);
      assert.ok(needed <= shown, `${when} needs ${needed} of ${shown}`);
      const all = await contrasts(page);
      assert.ok(all.length > 0);
      for (const { text, ratio } of all) assert.ok(ratio >= CONTRAST_MIN, `${when}: ${text} has ${ratio}`);
    };
    await looks('the start page');
    for (const folder of ['tiptap', 'codemirror-yjs'])
      for (const state of ['connecting', 'connected', 'saved', 'saving', 'offline', 'closed']) {
        await page.goto(`${here.engine.url}/${folder}/d/${'z'.repeat(60)}`);
        await page.getByRole('textbox', { name: 'Document text' }).waitFor();
        await page.evaluate((name) => (document.documentElement.dataset.state = name), state);
        await looks(`${folder} that is ${state}`);
      }
  });

test('the pages of the other editors keep to what the engine lets pages do', async () => {
  for (const folder of ['tiptap', 'codemirror-yjs']) {
    const page = await here.newPage();
    await page.addInitScript(() => {
      window.violations = [];
      document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
        window.violations.push(`${violatedDirective} ${blockedURI}`),
      );
    });
    await page.goto(`${here.engine.url}/${folder}/`);
    await page.waitForURL(`**/${folder}/d/page-*`);
    await page.getByRole('textbox', { name: 'Document text' }).pressSequentially('text');
    await page.locator('html[data-state]').waitFor();
    assert.deepEqual(await page.evaluate(() => window.violations), []);
  }
});
