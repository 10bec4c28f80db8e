import assert from 'node:assert/strict';
import { test } from 'node:test';

import { contrasts } from './fixture/contrast.mjs';
import { Gathering } from './fixture/gathering.mjs';

/** What WCAG 2.1 asks for text of any size (success criterion 1.4.3). */
const CONTRAST_MIN = 4.5;

const here = new Gathering(['--retain', 'labels']);

/** One types after the other, so that each revision is known; resolves with the revision after it. */
async function write(person, text, all) {
  await person.page.keyboard.press('Control+End');
  for (const letter of text) {
    await person.type(letter);
    await person.waitForState('saved');
  }
  const shown = await person.text();
  for (const each of here.people) await each.waitForText(shown);
  return person.revision();
}

class History {
  constructor(page) {
    this.page = page;
    this.dialog = page.locator('[data-part=history]');
    this.text = page.locator('[data-part=history-text]');
    this.said = page.locator('[data-part=history-said]');
  }

  static async open({ page }) {
    await page.getByRole('button', { name: 'History', exact: true }).focus();
    await page.keyboard.press('Enter');
    return new History(page);
  }

  async slideTo(revision) {
    const slider = this.page.getByRole('slider', { name: 'Version' });
    await slider.fill(String(revision));
    await this.shows(revision);
  }

  shows(revision) {
    return this.page.locator(`[data-part=history][data-shown='${revision}']`).waitFor();
  }

  /** Notes what has the focus as soon as the panel is closed: keys pressed from then on must not be lost. */
  watchFocus() {
    return this.dialog.evaluate((dialog) => {
      const note = () => (window.focusedAtClose = document.activeElement.className);
      new MutationObserver(note).observe(dialog, { attributeFilter: ['open'] });
    });
  }

  /** The text without what the version's edit had erased from it. */
  read() {
    return this.text.evaluate((text) => {
      const copy = text.cloneNode(true);
      for (const erased of copy.querySelectorAll('del')) erased.remove();
      return copy.textContent;
    });
  }
}

test('an earlier version is shown with its author, restored for everybody and written on', async () => {
  const [ada, ben] = await here.invite('history', 'Ada', 'Ben');
  const early = await write(ada, 'one');
  const late = await write(ben, ' two');
  assert.equal(await here.engine.text('history'), 'one two');

  const history = await History.open(ada);
  await history.shows(late);
  assert.equal(await history.read(), 'one two');
  await history.said.getByText('Ben').waitFor();
  assert.equal(await history.text.locator('ins').textContent(), 'o');
  await history.slideTo(early);
  assert.equal(await history.read(), 'one');
  await history.said.getByText('Ada').waitFor();
  await history.said.getByText(`Version ${early} of ${late}`).waitFor();
  assert.equal(await ben.text(), 'one two', 'looking changes nothing');

  await ada.page.getByRole('button', { name: 'Restore this version' }).click();
  await ada.page.getByRole('button', { name: 'Restore', exact: true }).click();
  await ada.waitForText('one');
  await ben.waitForText('one');
  await history.dialog.waitFor({ state: 'hidden' });

  await write(ada, '!');
  await write(ben, '?');
  assert.equal(await here.engine.text('history'), 'one!?');
  const again = await History.open(ben);
  await again.slideTo(late);
  assert.equal(await again.read(), 'one two', 'what was replaced is still there');
});

test('what others write while one looks back is there when one comes back', async () => {
  const [ada, ben] = await here.invite('meanwhile', 'Ada', 'Ben');
  const early = await write(ada, 'abc');
  const history = await History.open(ada);
  await history.shows(early);
  await ben.page.keyboard.press('Control+End');
  await ben.type('def');
  await ben.waitForState('saved');
  await history.slideTo(early - 1);
  assert.equal(await history.read(), 'ab');
  await ada.page.keyboard.press('Escape');
  await history.dialog.waitFor({ state: 'hidden' });
  await ada.waitForText('abcdef');
  await ada.type('X');
  await ada.waitForState('saved');
  await ben.waitForText(await ada.text());
  assert.equal((await here.engine.text('meanwhile')).replace('X', ''), 'abcdef');
});

test('what an edit erased is shown struck out', async () => {
  const [ada] = await here.invite('erased', 'Ada');
  await write(ada, 'a😀c');
  await ada.page.keyboard.press('ArrowLeft');
  await ada.page.keyboard.press('Backspace');
  await ada.waitForText('ac');
  await ada.waitForState('saved');
  const history = await History.open(ada);
  await history.shows(await ada.revision());
  assert.equal(await history.text.textContent(), 'a😀c');
  assert.equal(await history.text.locator('del').textContent(), '😀');
});

test('the keyboard alone is enough, and Cancel restores nothing', async () => {
  const [ada] = await here.invite('keys', 'Ada');
  const head = await write(ada, 'abc');
  const history = await History.open(ada);
  await history.shows(head);
  await ada.page.keyboard.press('ArrowLeft');
  await history.shows(head - 1);
  await ada.page.getByRole('button', { name: 'Restore this version' }).press('Enter');
  await ada.page.getByRole('button', { name: 'Cancel' }).press('Enter');
  await history.watchFocus();
  await ada.page.keyboard.press('Escape');
  await history.dialog.waitFor({ state: 'hidden' });
  assert.match(await ada.page.evaluate(() => window.focusedAtClose), /cm-content/);
  await ada.type('d');
  await ada.waitForText('abcd');
  await ada.waitForState('saved');
  assert.equal(await here.engine.text('keys'), 'abcd');
});

/** The names that the panel shows, in its order. */
const namesIn = (page) => page.getByRole('list', { name: 'Named versions' }).locator('.history-label').allTextContents();

const named = (page, names) =>
  page.waitForFunction((wanted) => {
    const shown = [...document.querySelectorAll('.history-label')].map((each) => each.textContent);
    return JSON.stringify(shown) === JSON.stringify(wanted);
  }, names);

async function nameVersion(page, name) {
  await page.getByRole('button', { name: 'Name this version' }).click();
  await page.getByRole('textbox', { name: 'Name of this version' }).fill(name);
  await page.getByRole('button', { name: 'Save name' }).click();
}

test('a version is named, found again by its name by others, restored, and loses the name', async () => {
  const [ada, ben] = await here.invite('names', 'Ada', 'Ben');
  const early = await write(ada, 'one');
  const late = await write(ben, ' two');
  const history = await History.open(ada);
  await history.shows(late);
  await history.slideTo(early);
  await nameVersion(ada.page, 'first draft');
  await named(ada.page, ['first draft']);
  await history.slideTo(late);
  await nameVersion(ada.page, 'sent');
  await named(ada.page, ['first draft', 'sent']);
  assert.equal(await ada.page.locator('[data-part=history-marks] i').count(), 2, 'the slider has a mark for each');
  await nameVersion(ada.page, 'sent');
  await history.said.getByText('could not be named').waitFor();
  await ada.page.getByRole('button', { name: 'Cancel' }).click();
  await ada.page.keyboard.press('Escape');

  const others = await History.open(ben);
  await others.shows(late);
  assert.deepEqual(await namesIn(ben.page), ['first draft', 'sent']);
  await ben.page.getByRole('button', { name: 'first draft', exact: true }).click();
  await others.shows(early);
  assert.equal(await others.read(), 'one');
  await ben.page.getByRole('button', { name: 'Remove the name sent' }).click();
  await named(ben.page, ['first draft']);
  await ben.page.getByRole('button', { name: 'Restore this version' }).click();
  await ben.page.getByRole('button', { name: 'Restore', exact: true }).click();
  await ada.waitForText('one');
});

test('a version is named with the keyboard alone', async () => {
  const [ada] = await here.invite('typed-names', 'Ada');
  const head = await write(ada, 'abc');
  const history = await History.open(ada);
  await history.shows(head);
  await ada.page.keyboard.press('ArrowLeft');
  await history.shows(head - 1);
  await ada.page.getByRole('button', { name: 'Name this version' }).press('Enter');
  await ada.page.keyboard.type('almost');
  await ada.page.keyboard.press('Enter');
  await named(ada.page, ['almost']);
  await ada.page.getByRole('slider', { name: 'Version' }).press('End');
  await history.shows(head);
  await ada.page.getByRole('button', { name: 'almost', exact: true }).press('Enter');
  await history.shows(head - 1);
  assert.equal(await ada.page.locator('.history-label[aria-current=true]').textContent(), 'almost');
  await ada.page.getByRole('button', { name: 'Remove the name almost' }).press('Enter');
  await named(ada.page, []);
});

/** A request on a document, which must succeed. */
async function ask(method, rest, headers = {}, body = undefined) {
  const answer = await fetch(`${here.engine.url}/v1/documents/default/${rest}`, { method, headers, body });
  assert.ok(answer.ok, `${method} ${rest}: ${answer.status}`);
  return answer;
}

/** A document whose every revision says its number; of the first ones only 10 is kept, which has a name. */
async function writeTrimmed(name, revisions) {
  await ask('PUT', name, { 'if-none-match': '*' }, 'version 1');
  for (let at = 2; at <= revisions; at += 1) {
    await ask('PUT', name, { 'if-match': `"1.${at - 1}.text"` }, `version ${at}`);
    if (at === 10) await ask('PUT', `${name}/labels/early`, { 'content-type': 'application/json' }, '{"revision":10}');
  }
  for (const until = Date.now() + 30_000; Date.now() < until; ) {
    const { floor } = await (await ask('GET', `${name}/labels`)).json();
    if (floor > 0) return floor;
  }
  throw new Error(`${name} was not trimmed`);
}

test('the slider begins where the history does, and a named version from before that is shown and restored', async () => {
  const floor = await writeTrimmed('trimmed', 420);
  const [ada] = await here.invite('trimmed', 'Ada');
  await ada.waitForText('version 420');
  const history = await History.open(ada);
  await history.shows(420);
  const slider = ada.page.getByRole('slider', { name: 'Version' });
  assert.equal(await slider.getAttribute('min'), String(floor));
  await slider.press('Home');
  await history.shows(floor);
  assert.equal(await history.read(), `version ${floor}`);
  await history.said.getByText('older edits are not kept').waitFor();
  await ada.page.getByRole('button', { name: 'Restore this version' }).waitFor();

  await ada.page.getByRole('button', { name: 'early', exact: true }).click();
  await history.shows(10);
  assert.equal(await history.read(), 'version 10');
  await ada.page.getByRole('button', { name: 'Restore this version' }).click();
  await ada.page.getByRole('button', { name: 'Restore', exact: true }).click();
  await ada.waitForText('version 10');
  assert.equal(await here.engine.text('trimmed'), 'version 10');
});

test('a page where nothing was written has an empty history', async () => {
  const [ada] = await here.invite('nothing', 'Ada');
  const history = await History.open(ada);
  await history.shows(0);
  assert.equal(await history.read(), '');
  assert.ok(await ada.page.getByRole('button', { name: 'Restore this version' }).isDisabled());
});

/** That all has contrast enough, and nothing is wider than the screen. */
async function expectReadable(page) {
  for (const { text, ratio } of await contrasts(page)) assert.ok(ratio >= CONTRAST_MIN, `${text} has ${ratio}`);
  const overflow = await page.evaluate(() => {
    const dialog = document.querySelector('[data-part=history]');
    return [document.documentElement.scrollWidth - innerWidth, dialog.scrollWidth - dialog.clientWidth];
  });
  assert.deepEqual(overflow, [0, 0]);
}

for (const colorScheme of ['light', 'dark'])
  test(`the history is readable and fits a phone on a ${colorScheme} page`, async () => {
    const [ada] = await here.invite(`phone-${colorScheme}`, 'Ada');
    await write(ada, 'text of one that is longer than a line of a telephone, as it should be');
    await ada.page.keyboard.press('Backspace');
    await ada.waitForState('saved');
    await ada.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await ada.page.setViewportSize({ width: 360, height: 640 });
    const history = await History.open(ada);
    await history.shows(await ada.revision());
    const head = await ada.revision();
    await history.slideTo(head - 2);
    await nameVersion(ada.page, 'a name that is longer than a telephone is wide, and is still to be read');
    await ada.page.locator('.history-label').waitFor();
    await ada.page.getByRole('button', { name: 'Name this version' }).click();
    await expectReadable(ada.page);
    await ada.page.getByRole('button', { name: 'Cancel' }).click();
    await ada.page.getByRole('button', { name: 'Restore this version' }).click();
    await expectReadable(ada.page);
  });
