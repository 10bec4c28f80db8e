import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Gathering } from './fixture/gathering.mjs';

const here = new Gathering();

test('a document is opened by its name and found again among the recent ones', async () => {
  const page = await here.newPage();
  await page.goto(here.engine.url);
  await page.getByLabel('Document', { exact: true }).fill('notes / week 12');
  await page.getByRole('button', { name: 'Open' }).press('Enter');
  await page.waitForURL('**/d/notes%20%2F%20week%2012');
  await page.locator('html[data-state=saved]').waitFor();
  assert.equal(await page.getByRole('heading', { level: 1 }).textContent(), 'notes / week 12');
  await page.getByRole('link', { name: 'All documents' }).click();
  await page.locator('[data-part=recent]').getByRole('link', { name: 'notes / week 12' }).click();
  await page.locator('html[data-state=saved]').waitFor();
});

test('a name and a colour are chosen, kept, and shown to others', async () => {
  const page = await here.newPage();
  await page.goto(`${here.engine.url}/d/names`);
  await page.locator('html[data-state=saved]').waitFor();
  const other = await here.newPage();
  await other.goto(`${here.engine.url}/d/names`);
  await page.getByRole('button', { name: 'Your name and colour' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Ada Lovelace');
  await page.getByLabel('Teal').check({ force: true });
  await page.getByRole('button', { name: 'Save' }).click();
  await other.locator('.people .person', { hasText: 'Ada Lovelace' }).waitFor();
  await page.reload();
  await other.locator('.people .person', { hasText: 'Ada Lovelace' }).waitFor();
});

test('the link is copied', async () => {
  const page = await here.newPage({ permissions: ['clipboard-read', 'clipboard-write'] });
  await page.goto(`${here.engine.url}/d/link`);
  await page.locator('html[data-state=saved]').waitFor();
  await page.getByRole('button', { name: 'Copy link' }).click();
  await page.getByRole('button', { name: 'Copied' }).waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), `${here.engine.url}/d/link`);
});

test('a document that is deleted can be read and not edited', async () => {
  const page = await here.newPage();
  await page.goto(`${here.engine.url}/d/deleted`);
  await page.locator('html[data-state=saved]').waitFor();
  await page.keyboard.type('x');
  await page.locator('[data-part=undo]:enabled').waitFor();
  await page.locator('html[data-state=saved]').waitFor();
  await fetch(`${here.engine.url}/v1/documents/default/deleted`, { method: 'DELETE' });
  await page.getByRole('alert').filter({ hasText: 'document_deleted' }).waitFor();
  await page.locator('[data-part=undo]:disabled').waitFor();
  await page.keyboard.type('y');
  await page.keyboard.press('Control+z');
  assert.equal(await page.locator('.cm-content').innerText(), 'x');
});

test('a connection that is refused for good is told once, and another can be asked for', async () => {
  const page = await here.newPage();
  let isRefused = true;
  await page.routeWebSocket('**/v1/connect', (socket) =>
    isRefused ? socket.close({ code: 4403, reason: 'forbidden' }) : socket.connectToServer(),
  );
  await page.goto(`${here.engine.url}/d/refused`);
  await page.locator('[data-part=chip-text]:visible').getByText('Closed', { exact: true }).waitFor();
  const alert = page.getByRole('alert').filter({ hasText: 'forbidden' });
  await alert.waitFor();
  assert.equal(await page.getByRole('alert').count(), 1);
  isRefused = false;
  await alert.getByRole('button', { name: 'Connect again' }).click();
  await page.locator('html[data-state=saved]').waitFor();
  await page.keyboard.type('x');
  await page.locator('[data-part=undo]:enabled').waitFor();
  assert.equal(await page.getByRole('alert').count(), 0);
});

test('on a phone nothing is cut off, in light and dark', async () => {
  for (const colorScheme of ['light', 'dark']) {
    const page = await here.newPage({ viewport: { width: 360, height: 740 }, colorScheme });
    for (const path of ['/', '/d/phone']) {
      await page.goto(here.engine.url + path);
      await page.locator(path === '/' ? '.start' : 'html[data-state=saved]').waitFor();
      const [shown, needed] = await page.evaluate(() => [innerWidth, document.documentElement.scrollWidth]);
      assert.ok(needed <= shown, `${path} needs ${needed} of ${shown}`);
    }
  }
});

test('all can be reached by keyboard, and the state is spoken', async () => {
  const page = await here.newPage();
  await page.goto(`${here.engine.url}/d/keys`);
  await page.locator('html[data-state=saved]').waitFor();
  await page.keyboard.type('x');
  await page.locator('[data-part=undo]:enabled').waitFor();
  const reached = new Set();
  for (let step = 0; step < 8; ++step) {
    await page.keyboard.press('Shift+Tab');
    reached.add(await page.evaluate(() => document.activeElement?.getAttribute('data-part') ?? document.activeElement?.className));
  }
  for (const part of ['me', 'copy-link', 'undo', 'home']) assert.ok(reached.has(part), `${part} among ${[...reached]}`);
  await page.getByRole('status').filter({ hasText: 'All changes saved' }).waitFor({ state: 'attached' });
});

/** Goes to a part of the page by keyboard. */
async function tabTo(page, part, key = 'Tab') {
  const isThere = () => page.evaluate((name) => document.activeElement?.getAttribute('data-part') === name, part);
  for (let step = 0; step < 20; ++step) {
    if (await isThere()) return;
    await page.keyboard.press(key);
  }
  assert.fail(`${part} was not reached`);
}

test('undo, the link and the profile are worked by keyboard alone', async () => {
  const page = await here.newPage({ permissions: ['clipboard-read', 'clipboard-write'] });
  await page.goto(`${here.engine.url}/d/by-keyboard`);
  await page.locator('html[data-state=saved]').waitFor();
  const other = await here.newPage();
  await other.goto(`${here.engine.url}/d/by-keyboard`);
  await other.locator('html[data-state=saved]').waitFor();
  await page.keyboard.type('x');
  await page.locator('[data-part=undo]:enabled').waitFor();
  await tabTo(page, 'undo', 'Shift+Tab');
  await page.keyboard.press('Enter');
  await page.locator('[data-part=redo]:enabled').waitFor();
  await page.getByText('Start writing').waitFor(); // It is empty again.

  await tabTo(page, 'copy-link');
  await page.keyboard.press('Space');
  await page.getByRole('button', { name: 'Copied' }).waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), `${here.engine.url}/d/by-keyboard`);

  await tabTo(page, 'me');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.type('Nobody');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  await page.keyboard.press('Enter'); // The button has the focus again.
  await page.getByRole('dialog').waitFor();
  await page.keyboard.type('Grace Hopper');
  await page.keyboard.press('Tab');
  const before = await page.locator('input[name=colour]:checked').inputValue();
  await page.keyboard.press('ArrowRight');
  const after = await page.locator('input[name=colour]:checked').inputValue();
  assert.notEqual(after, before);
  await tabTo(page, 'profile-cancel');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  const seen = other.locator('.people .person', { hasText: 'Grace Hopper' });
  await seen.locator(`.circle[data-colour='${after}']`).waitFor();
  assert.equal(await other.locator('.people .person', { hasText: 'Nobody' }).count(), 0);
});
