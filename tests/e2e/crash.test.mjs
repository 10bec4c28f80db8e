import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Gathering } from './fixture/gathering.mjs';
import { partOf, textOf } from './fixture/writing.mjs';

const here = new Gathering();

test('after a kill in mid-typing all is there once and the browsers carry on by themselves', async () => {
  const people = await here.invite('crash', 'Ada', 'Ben');
  const rounds = 3;
  const letters = 50;
  for (let round = 0; round < rounds; ++round) {
    const revision = await people[0].revision();
    const begin = round * letters;
    const typing = Promise.all(
      people.map((person, index) => person.type(textOf(index, begin + letters).slice(begin * textOf(index, 1).length))),
    );
    // Each sends its first letter, and what is typed until that comes back as another edit: two come for certain.
    await Promise.all(people.map((person) => person.waitForRevision(revision + 2)));
    await here.engine.kill();
    const saved = await Promise.all(people.map((person) => person.savedText()));
    await here.engine.start();
    const text = await here.engine.text('crash');
    for (const shown of saved)
      for (const author of people.keys())
        assert.ok(partOf(author, text).startsWith(partOf(author, shown)), `${text} has all of ${shown}`);
    await typing;
    for (const person of people) await person.waitForState('saved');
  }
  const text = await here.engine.text('crash');
  for (const [index, person] of people.entries()) {
    await person.waitForText(text);
    assert.equal(partOf(index, text), textOf(index, rounds * letters));
  }
});

test('what was shown as saved survives a kill though its author never comes back', async () => {
  const [ada] = await here.invite('gone', 'Ada');
  await ada.type(textOf(0, 30));
  await ada.waitForState('saved');
  const revision = await ada.revision();
  const typing = ada.type(textOf(0, 200).slice(30)).catch(() => undefined); // The window closes under it.
  await ada.waitForRevision(revision + 1);
  await here.engine.kill();
  const saved = await ada.savedText();
  await ada.close();
  await typing;
  await here.engine.start();
  const text = await here.engine.text('gone');
  assert.ok(saved.length >= 30);
  assert.ok(text.startsWith(saved), `${text} begins with ${saved}`);
  assert.ok(textOf(0, 200).startsWith(text), `${text} is what was typed, once`);
});
