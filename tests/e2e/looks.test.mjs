import assert from 'node:assert/strict';
import { test } from 'node:test';

import { contrasts, luminanceOf } from './fixture/contrast.mjs';
import { Gathering } from './fixture/gathering.mjs';
import { MuteListener } from './fixture/mute_listener.mjs';
import { coloursIn, pixelOf } from './fixture/pixels.mjs';

/** What WCAG 2.1 asks for text of any size (success criterion 1.4.3). */
const CONTRAST_MIN = 4.5;
const COLOURS = [0, 1, 2, 3, 4, 5, 6, 7];
const STATES = ['connecting', 'saved', 'saving', 'unsaved', 'offline', 'reconnecting', 'closed'];

const here = new Gathering();

/** Waits until it is so: what others do is drawn anew whenever they move. */
function shows(page, selector, property, value) {
  const isShown = ([where, name, wanted]) => {
    const element = document.querySelector(where);
    return element !== null && getComputedStyle(element).getPropertyValue(name) === wanted;
  };
  return page.waitForFunction(isShown, [selector, property, value]);
}

function styleOf(locator, property) {
  return locator.evaluate((element, name) => getComputedStyle(element).getPropertyValue(name), property);
}

test('caret, selection and circle of another are in the colour that they chose', async () => {
  const people = {};
  for (const person of await here.invite('colours', 'Ada', 'Cleo', 'Dorothy')) people[person.name] = person;
  await people.Ada.type('one two three');
  for (const { page } of Object.values(people)) await page.keyboard.press('Shift+Home');
  const chosen = new Set();
  for (const [name, { page }] of Object.entries(people)) {
    const own = page.locator('[data-part=me]');
    const colour = await own.getAttribute('data-colour');
    const shade = await styleOf(own, 'background-color');
    assert.equal(colour, String(name.length));
    chosen.add(shade);
    for (const other of Object.values(people).filter((each) => each.name !== name)) {
      await other.page.locator(`.caret.colour-${colour}`, { hasText: name }).waitFor({ state: 'attached' });
      await shows(other.page, `.caret.colour-${colour}`, 'border-left-color', shade);
      await shows(other.page, `.caret.colour-${colour} .caret-flag`, 'background-color', shade);
      await shows(other.page, `.people .circle[data-colour='${colour}']`, 'background-color', shade);
      assert.equal(await other.page.locator(`.caret.colour-${other.name.length}`).count(), 0, 'one’s own is the browser’s');
    }
  }
  assert.equal(chosen.size, 3, 'three people, three colours');
  const { page } = people.Cleo;
  await page.locator('.selected-by.colour-3', { hasText: 'one two three' }).waitFor();
  await shows(page, '.selected-by.colour-3', '--colour', await styleOf(people.Ada.page.locator('[data-part=me]'), '--colour'));
  const behind = await page.evaluate(() => getComputedStyle(document.querySelector('.selected-by.colour-3')).backgroundColor);
  assert.notEqual(behind, 'rgba(0, 0, 0, 0)');
  assert.equal(await page.locator('.selected-by.colour-4').count(), 0, 'one’s own is the browser’s');
});

test('the chip says Saved, Saving, Offline and Reconnecting when it is so', async () => {
  const [ada] = await here.invite('chip', 'Ada');
  const chip = (text) => ada.page.locator('[data-part=chip-text]:visible').getByText(text, { exact: true }).waitFor();
  await chip('Saved');
  here.engine.pause();
  await ada.type('x');
  await chip('Saving…');
  here.engine.resume();
  await chip('Saved');
  await here.engine.kill();
  await chip('Offline');
  const mute = await MuteListener.start(here.engine.port);
  await chip('Reconnecting…');
  await mute.stop();
  await here.engine.start();
  await chip('Saved');
  assert.equal(await here.engine.text('chip'), 'x');
});

for (const [colorScheme, isRight] of [
  ['light', (luminance) => luminance > 0.8],
  ['dark', (luminance) => luminance < 0.05],
])
  test(`all text is readable on a ${colorScheme} page`, async () => {
    const [ada, ben] = await here.invite('readable', 'Ada', 'Ben');
    await ben.type('text of one');
    await ben.page.keyboard.press('Shift+Home');
    const { page } = ada;
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.locator('.selected-by').waitFor();
    const readable = async (when) => {
      assert.ok(isRight(await luminanceOf(page)), `${when} is ${colorScheme}`);
      const all = await contrasts(page);
      assert.ok(all.length > 0);
      for (const { text, ratio } of all) assert.ok(ratio >= CONTRAST_MIN, `${when}: ${text} has ${ratio}`);
    };
    for (const state of STATES) {
      await page.locator('[data-part=chip]').evaluate((chip, name) => (chip.dataset.state = name), state);
      await readable(`a document that is ${state}`);
    }
    for (const colour of COLOURS) {
      await page.locator('[data-part=me]').evaluate((me, number) => (me.dataset.colour = String(number)), colour);
      await readable(`a person of colour ${colour}`);
    }
    await page.getByRole('button', { name: 'Your name and colour' }).click();
    await readable('the dialog');
    await page.goto(here.engine.url);
    await page.locator('.recent li').first().waitFor();
    await readable('the start page');
  });

test('what one has selected is seen, in every editor', async () => {
  for (const colorScheme of ['light', 'dark'])
    for (const folder of ['', '/tiptap', '/codemirror-yjs']) {
      const page = await here.newPage({ colorScheme });
      await page.goto(`${here.engine.url}${folder}/d/selected-${colorScheme}${folder.replace('/', '-')}`);
      const text = page.getByRole('textbox', { name: 'Document text' });
      await text.click();
      await page.keyboard.type('a line of text');
      const clip = { ...(await text.boundingBox()), height: 120 };
      const selection = await page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue('--selection'));
      const pixel = await pixelOf(page, selection);
      assert.equal((await coloursIn(page, clip)).get(pixel) ?? 0, 0, `${folder}: nothing is selected`);
      await page.keyboard.press('Shift+Home');
      const isSeen = async () => ((await coloursIn(page, clip)).get(pixel) ?? 0) > 500;
      for (let tries = 0; tries < 50 && !(await isSeen()); ++tries);
      assert.ok(await isSeen(), `${folder || '/'} shows a selection on a ${colorScheme} page`);
    }
});
