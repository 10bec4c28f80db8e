import assert from 'node:assert/strict';
import { test } from 'node:test';

import { contrasts } from './fixture/contrast.mjs';
import { Gathering } from './fixture/gathering.mjs';

/** What WCAG 2.1 asks for text of any size (success criterion 1.4.3). */
const CONTRAST_MIN = 4.5;

const here = new Gathering();

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

test('a page where nothing was written has an empty history', async () => {
  const [ada] = await here.invite('nothing', 'Ada');
  const history = await History.open(ada);
  await history.shows(0);
  assert.equal(await history.read(), '');
  assert.ok(await ada.page.getByRole('button', { name: 'Restore this version' }).isDisabled());
});

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
    await ada.page.getByRole('button', { name: 'Restore this version' }).click();
    for (const { text, ratio } of await contrasts(ada.page)) assert.ok(ratio >= CONTRAST_MIN, `${text} has ${ratio}`);
    const overflow = await ada.page.evaluate(() => {
      const dialog = document.querySelector('[data-part=history]');
      return [document.documentElement.scrollWidth - innerWidth, dialog.scrollWidth - dialog.clientWidth];
    });
    assert.deepEqual(overflow, [0, 0]);
  });
