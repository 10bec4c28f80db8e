import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { launch, Person } from './fixture/browsers.mjs';
import { Engine } from './fixture/engine.mjs';
import { Postgresql } from './fixture/postgresql.mjs';
import { textOf } from './fixture/writing.mjs';

let postgresql;
let engine;
let browser;

before(async () => {
  postgresql = await Postgresql.create();
  engine = await Engine.start(postgresql.address);
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await engine?.remove();
  await postgresql?.remove();
});

test('while PostgreSQL is away the page says that work is not saved, and afterwards it is by itself', async () => {
  const ada = await Person.open(browser, engine, 'notes', 'Ada');
  const ben = await Person.open(browser, engine, 'notes', 'Ben');
  const chip = (person, text) => person.page.locator('[data-part=chip-text]:visible').getByText(text, { exact: true });
  const revision = await ada.revision();
  const typing = ada.type(textOf(0, 200));
  await ada.waitForRevision(revision + 1);
  await postgresql.stop();
  await typing;
  await ada.type(' and more');
  await chip(ada, 'Not saved').waitFor();
  await ada.page.locator('[data-part=spoken]', { hasText: 'Not saved yet' }).waitFor({ state: 'attached' });

  const cleo = await Person.come(browser, engine, 'plans', 'Cleo');
  const refusal = cleo.page.getByRole('alert').filter({ hasText: 'cannot be opened now (store_unavailable' });
  await refusal.waitFor();
  assert.equal(await chip(ada, 'Not saved').count(), 1, 'still');
  assert.ok(!(await ben.text()).endsWith('and more'), 'nobody is shown what is not durable');

  await postgresql.start();
  await chip(ada, 'Saved').waitFor();
  const text = `${textOf(0, 200)} and more`;
  assert.equal(await engine.text('notes'), text);
  await ben.waitForText(text);
  await cleo.waitForState('saved');
  assert.equal(await refusal.count(), 0, 'the refusal is gone with its reason');
  await cleo.type('mine');
  await cleo.waitForState('saved');
  assert.equal(await engine.text('plans'), 'mine');
  for (const person of [ada, ben, cleo]) {
    assert.deepEqual(person.errors, []);
    await person.close();
  }
});
