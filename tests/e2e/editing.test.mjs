import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Gathering } from './fixture/gathering.mjs';
import { partOf, textOf } from './fixture/writing.mjs';

const here = new Gathering();

/** All is saved, and everybody shows what the engine has. */
async function convergedText(document) {
  for (const person of here.people) await person.waitForState('saved');
  const text = await here.engine.text(document);
  for (const person of here.people) await person.waitForText(text);
  return text;
}

for (const count of [2, 5])
  test(`${count} browsers that type at once show the same text and lose nothing`, async () => {
    const document = `together-${count}`;
    await here.invite(document, ...['Ada', 'Ben', 'Cleo', 'Dov', 'Eva'].slice(0, count));
    await Promise.all(here.people.map((person, index) => person.type(textOf(index, 40))));
    const text = await convergedText(document);
    for (const index of here.people.keys()) assert.equal(partOf(index, text), textOf(index, 40));
    assert.equal(Array.from(text).length, 40 * count);
  });

test('one sees where the others are, and that they have gone', async () => {
  const [ada, ben] = await here.invite('cursors', 'Ada', 'Ben');
  await ada.type('one two three');
  await ben.waitForText('one two three');
  const caret = ben.page.locator('.caret', { hasText: 'Ada' });
  await caret.waitFor({ state: 'attached' });
  assert.equal(await caret.locator('xpath=..').evaluate((line) => line.textContent), 'one two threeAda');
  await ada.page.keyboard.press('Home');
  await ada.page.keyboard.press('Shift+End');
  await ben.page.locator('.selected-by', { hasText: 'one two three' }).waitFor();
  await ben.page.locator('.people .person', { hasText: 'Ada' }).waitFor();
  await ada.close();
  here.people.shift();
  await caret.waitFor({ state: 'detached' });
  await ben.page.locator('.people .person').waitFor({ state: 'detached' });
});

test('undo takes back one’s own work only', async () => {
  const [ada, ben] = await here.invite('undo', 'Ada', 'Ben');
  await ada.type('mine');
  await ben.waitForText('mine');
  await ben.page.keyboard.press('End');
  await ben.type(' YOURS');
  await ada.waitForText('mine YOURS');
  await ada.page.keyboard.press('Control+z');
  await ben.waitForText(' YOURS');
  await ada.page.keyboard.press('Control+y');
  assert.equal(await convergedText('undo'), 'mine YOURS');
});

test('lines, emoji and pasted line ends reach the others as they are', async () => {
  const [ada, ben] = await here.invite('signs', 'Ada', 'Ben');
  await ada.type('a👩‍🚀b');
  await ada.page.keyboard.press('Enter');
  await ben.waitForText('a👩‍🚀b\n');
  await ada.page.evaluate(() => {
    const data = new DataTransfer();
    data.setData('text/plain', 'x\r\ny\ud83dz');
    document.querySelector('.cm-content').dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true }));
  });
  assert.equal(await convergedText('signs'), 'a👩‍🚀b\nx\ny\ufffdz');
  await ben.page.keyboard.press('Control+Home');
  await ben.page.keyboard.press('ArrowRight');
  await ben.page.keyboard.press('Delete');
  assert.equal(await convergedText('signs'), 'ab\nx\ny\ufffdz');
});

test('one who was offline brings the work along and gets what came meanwhile', async () => {
  const [ada, ben] = await here.invite('offline', 'Ada', 'Ben');
  await ada.type('abc');
  await ben.waitForText('abc');
  await ada.context.setOffline(true);
  await ada.waitForState('offline', 'reconnecting');
  await ada.type(textOf(0, 30).slice(3));
  await ben.type(textOf(1, 30));
  await ben.waitForState('saved');
  assert.equal(partOf(0, await here.engine.text('offline')), 'abc');
  assert.ok(await ada.page.evaluate(() => document.documentElement.dataset.state !== 'saved'));
  await ada.context.setOffline(false);
  const text = await convergedText('offline');
  assert.equal(partOf(0, text), textOf(0, 30));
  assert.equal(partOf(1, text), textOf(1, 30));
});
