import assert from 'node:assert/strict';
import { test } from 'node:test';

import { contrasts, luminanceOf } from './fixture/contrast.mjs';
import { Gathering } from './fixture/gathering.mjs';
import { partOf, textOf } from './fixture/writing.mjs';
import { CODEMIRROR, TIPTAP, YJS_EDITORS, YjsWriter } from './fixture/yjs_pages.mjs';

/** What WCAG 2.1 asks for text of any size (success criterion 1.4.3). */
const CONTRAST_MIN = 4.5;
/** That each of several writes at once. */
const LETTERS = 40;

const here = new Gathering();

async function open(editor, document, name, options) {
  return YjsWriter.open(await here.newPage(options), here.engine, editor, document, name);
}

async function invite(editor, document, ...names) {
  const writers = [];
  for (const name of names) writers.push(await open(editor, document, name));
  return writers;
}

for (const editor of YJS_EDITORS) {
  const named = (what) => `${what} ${editor.folder}`;

  test(`in ${editor.label} three write at once, and all see all of it, also who comes later`, async () => {
    const writers = await invite(editor, named('at once'), 'Ada', 'Ben', 'Cleo');
    const [ada] = writers;
    await ada.type('>');
    for (const writer of writers) {
      await writer.waitForText('>');
      await writer.go('Control+End');
    }
    await Promise.all(writers.map((writer, index) => writer.type(textOf(index, LETTERS))));
    for (const { page } of writers) await page.waitForFunction((length) => window.yjsShown()?.length === length, 1 + 3 * LETTERS);
    const text = await ada.text();
    writers.forEach((_, index) => assert.equal(partOf(index, text), textOf(index, LETTERS), 'each one’s letters are in order'));
    for (const writer of writers) await writer.waitForText(text);
    for (const writer of writers) await writer.waitForState(editor.synced);
    const [late] = await invite(editor, named('at once'), 'Dorothy');
    await late.waitForText(text);
  });

  test(`in ${editor.label} undo leaves what others wrote`, async () => {
    const [ada, ben] = await invite(editor, named('undo'), 'Ada', 'Ben');
    await ben.type('first');
    await ada.waitForText('first');
    assert.ok(await ada.button('Undo').isDisabled(), 'there is nothing of hers to undo');
    await ada.go('Control+End');
    await ada.type(' second');
    await ben.waitForText('first second');
    await ben.go('Control+End');
    await ben.type(' third');
    await ada.waitForText('first second third');
    await ada.button('Undo').click();
    await ada.waitForText('first third');
    await ben.waitForText('first third');
    await ada.page.locator('[data-part=undo]:disabled').waitFor();
    await ada.page.getByRole('textbox', { name: 'Document text' }).focus();
    await ada.press('Control+z');
    await ada.button('Redo').click();
    await ben.waitForText('first second third');
    await ada.waitForText('first second third');
  });

  test(`in ${editor.label} the others’ cursors have their names, and go with them`, async () => {
    const [ada, ben] = await invite(editor, named('cursors'), 'Ada', 'Ben');
    await ada.type('one two three');
    await ben.waitForText('one two three');
    await ben.caretOf('Ada').waitFor();
    await ben.person('Ada').waitFor();
    assert.equal(await ben.page.locator(editor.caret).count(), 1, 'one’s own is the browser’s');
    await ben.go('Control+Home');
    await ben.press('Shift+End');
    await ada.caretOf('Ben').waitFor();
    await ada.page.locator(editor.selected, { hasText: 'one two three' }).waitFor();

    await ben.page.getByRole('textbox', { name: 'Your name' }).fill('  Benjamin\t Franklin ');
    await ben.press('Enter');
    await ada.person('Benjamin Franklin').waitFor();
    await ben.page.getByRole('textbox', { name: 'Document text' }).focus();
    await ada.caretOf('Benjamin Franklin').waitFor();
    await ben.page.reload();
    await ben.waitForState(editor.synced);
    await ada.person('Benjamin Franklin').waitFor();

    await ben.page.close();
    await ada.person('Benjamin Franklin').waitFor({ state: 'detached' });
    await ada.page.locator(editor.caret).waitFor({ state: 'detached' });
  });

  test(`in ${editor.label} one writes on while the network is cut, and nothing is lost`, async () => {
    const [ada, ben] = await invite(editor, named('network'), 'Ada', 'Ben');
    await ada.type('before');
    await ben.waitForText('before');
    await ada.cut();
    await ada.waitForState('offline');
    await ada.type(' offline');
    await ada.waitForText('before offline');
    await ada.waitForState('offline');
    await ben.go('Control+Home');
    await ben.type('meanwhile ');
    await ben.waitForText('meanwhile before');
    await ben.go('Control+End'); // Who does not move is seen again after Yjs's 15 seconds only.
    await ada.person('Ben').waitFor({ state: 'detached' });
    ada.mend();
    await ada.waitForState(editor.synced);
    await ada.waitForText('meanwhile before offline');
    await ben.waitForText('meanwhile before offline');
    await ada.person('Ben').waitFor();
  });

  test(`what was written in ${editor.label} is there after the engine was killed`, async () => {
    const [ada, ben] = await invite(editor, named('kill'), 'Ada', 'Ben');
    await ada.type('kept');
    await ben.waitForText('kept');
    await ada.waitForState(editor.synced);
    await here.engine.kill();
    await ada.waitForState('offline');
    await ada.type(' and more');
    await here.engine.start();
    await ben.waitForText('kept and more');
    const [late] = await invite(editor, named('kill'), 'Cleo');
    await late.waitForText('kept and more');
    await here.engine.verify();
  });

  test(`a document that is no Yjs document is refused in ${editor.label}, and says why`, async () => {
    const address = `${here.engine.url}/v1/documents/default/${encodeURIComponent(named('a text'))}`;
    const headers = { 'If-None-Match': '*', 'Content-Type': 'text/plain' };
    assert.equal((await fetch(address, { method: 'PUT', headers, body: 'x' })).status, 201);
    const page = await here.newPage();
    await page.goto(`${here.engine.url}/${editor.folder}/d/${encodeURIComponent(named('a text'))}`);
    await page.locator('html[data-state=closed]').waitFor();
    await page.getByRole('alert').filter({ hasText: 'type_mismatch' }).waitFor();
    await page.keyboard.type('y');
    await page.getByRole('status').filter({ hasText: 'Closed' }).waitFor({ state: 'attached' });
    const text = await page.getByRole('textbox', { name: 'Document text' }).textContent();
    assert.ok(!text.includes('y'), 'nothing more can be written');
  });

  test(`a document that is deleted while it is open in ${editor.label} can be read and not edited`, async () => {
    const [ada, ben] = await invite(editor, named('deleted'), 'Ada', 'Ben');
    await ada.type('x');
    await ben.waitForText('x');
    const address = `${here.engine.url}/v1/documents/default/${encodeURIComponent(named('deleted'))}`;
    assert.equal((await fetch(address, { method: 'DELETE' })).status, 204);
    await ada.waitForState('closed');
    await ada.page.getByRole('alert').filter({ hasText: 'document_deleted' }).waitFor();
    await ada.type('y');
    await ada.page.getByRole('status').filter({ hasText: 'Closed' }).waitFor({ state: 'attached' });
    if (editor === CODEMIRROR) assert.ok(await ada.button('Undo').isDisabled(), 'its undo does not ask the editor');
    await ada.press('Control+z');
    assert.equal(await ada.text(), 'x');
  });

  for (const [colorScheme, isRight] of [
    ['light', (luminance) => luminance > 0.8],
    ['dark', (luminance) => luminance < 0.05],
  ])
    test(`in ${editor.label} all can be read on a ${colorScheme} phone, and nothing is cut off`, async () => {
      const names = ['Ada', 'Benjamin', 'Cleo of a Rather Long Family Name', 'Dorothy', 'Edsger', 'Frances', 'Grace'];
      const options = { viewport: { width: 360, height: 740 }, colorScheme, reducedMotion: 'reduce' };
      const text = 'some words that are more than fit into one line of a phone';
      const [first] = await invite(editor, named(`looks ${colorScheme}`), names[0]);
      await first.type(text);
      for (const [index, writer] of (await invite(editor, named(`looks ${colorScheme}`), ...names.slice(1))).entries()) {
        await writer.waitForText(text);
        await writer.press('Control+Home', ...Array(2 * index).fill('Control+ArrowRight'), 'Shift+Control+ArrowRight');
      }
      const { page } = await open(editor, named(`looks ${colorScheme}`), 'Zuse', options);
      await page.locator(editor.flag, { hasText: 'Cleo of a Rather' }).waitFor();
      await page.locator('[data-part=people] li', { hasText: '+2' }).waitFor();
      assert.ok(isRight(await luminanceOf(page)));
      const [shown, needed] = await page.evaluate(() => [innerWidth, document.documentElement.scrollWidth]);
      assert.ok(needed <= shown, `it needs ${needed} of ${shown}`);
      const all = await contrasts(page);
      assert.ok(all.some(({ text }) => text === 'Benjamin'), 'flags are among the texts');
      for (const { text, ratio } of all) assert.ok(ratio >= CONTRAST_MIN, `${text} has ${ratio}`);
    });
}

test('in Tiptap formats are made by button and by key, and seen by all', async () => {
  const [ada, ben] = await invite(TIPTAP, 'formats', 'Ada', 'Ben');
  await ada.page.getByRole('textbox', { name: 'Document text' }).evaluate((text) => {
    text.dataset.blurs = '0';
    text.addEventListener('blur', () => (text.dataset.blurs = String(Number(text.dataset.blurs) + 1)));
  });
  await ada.button('Heading').click();
  await ada.type('Title');
  await ada.press('Enter');
  await ada.button('Bold').click();
  await ada.type('bold');
  await ada.button('Bold').click();
  await ada.press('Control+i');
  await ada.type('slanted');
  await ada.press('Control+i', 'Enter');
  await ada.button('List').click();
  await ada.type('one');
  await ada.press('Enter');
  await ada.type('two');
  for (const { page } of [ada, ben]) {
    await page.locator('.tiptap > h1', { hasText: 'Title' }).waitFor();
    await page.locator('.tiptap > p > strong', { hasText: /^bold$/ }).waitFor();
    await page.locator('.tiptap > p > em', { hasText: /^slanted$/ }).waitFor();
    await page.locator('.tiptap > ul > li', { hasText: 'two' }).waitFor();
    assert.equal(await page.locator('.tiptap > ul > li').count(), 2);
  }
  const blurs = await ada.page.getByRole('textbox', { name: 'Document text' }).getAttribute('data-blurs');
  assert.equal(blurs, '0', 'what is typed right after a button is for the text');
  assert.equal(await ada.button('List').getAttribute('aria-pressed'), 'true');
  assert.equal(await ada.button('Bold').getAttribute('aria-pressed'), 'false');
  await ben.go('Control+Home');
  await ben.page.locator('[data-part=heading-1][aria-pressed=true]').waitFor();
  await ben.button('Heading').click();
  await ada.page.locator('.tiptap > p', { hasText: 'Title' }).waitFor();
});

test('the start page lists documents of both editors, and each opens where it was written', async () => {
  for (const editor of YJS_EDITORS) {
    const [ada] = await invite(editor, `listed ${editor.folder}`, 'Ada');
    await ada.type(`written in ${editor.label}`);
    await ada.waitForState(editor.synced);
  }
  const page = await here.newPage();
  for (const [editor, link] of [
    [TIPTAP, 'listed tiptap'],
    [CODEMIRROR, 'listed codemirror-yjs in CodeMirror'],
  ]) {
    await page.goto(here.engine.url);
    await page.locator('[data-part=all-list] li', { hasText: `listed ${editor.folder}` }).getByText('yjs', { exact: true }).waitFor();
    await page.locator('[data-part=all-list]').getByRole('link', { name: link, exact: true }).click();
    await page.waitForURL(`**/${editor.folder}/d/listed%20${editor.folder}`);
    await page.getByRole('textbox', { name: 'Document text' }).getByText(`written in ${editor.label}`).waitFor();
    await page.locator(`html[data-state=${editor.synced}]`).waitFor();
  }
});
