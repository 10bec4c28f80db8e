import assert from 'node:assert/strict';
import test from 'node:test';

import { changesOf, offsetOf, operationOf, positionOf, toWellFormed } from '../src/text_changes.js';
import type { TextOp } from '../src/text_operation.js';
import { textType } from '../src/text_type.js';
import { randomOperation, randomText } from './fixture/random_text.js';
import { Chance } from './fixture/simulation.js';

const CASES = 2_000;

function forAll(property: (chance: Chance) => void): void {
  for (let seed = 1; seed <= CASES; ++seed) {
    try {
      property(new Chance(seed));
    } catch (error) {
      console.error(`seed ${seed}`);
      throw error;
    }
  }
}

test('offsets in UTF-16 become positions in code points and back', () => {
  assert.equal(positionOf('a𝔸b', 3), 2);
  assert.equal(offsetOf('a𝔸b', 2), 3);
  assert.deepEqual(operationOf('a𝔸b', [{ from: 3, to: 4, insert: '👍' }]), [2, '👍', { d: 'b' }]);
  assert.deepEqual(changesOf('a𝔸b', [2, { d: 1 }, '👍']), [{ from: 3, to: 4, insert: '👍' }]);
});

test('a change that cuts a code point in two or inserts half of one is refused', () => {
  assert.throws(() => operationOf('a𝔸b', [{ from: 2, to: 3, insert: '' }]), RangeError);
  assert.throws(() => operationOf('a𝔸b', [{ from: 0, to: 2, insert: '' }]), RangeError);
  assert.throws(() => operationOf('ab', [{ from: 1, to: 1, insert: '\ud83d' }]), RangeError);
  assert.throws(() => operationOf('ab', [{ from: 1, to: 3, insert: '' }]), RangeError);
  assert.equal(toWellFormed('a\ud83db'), 'a\ufffdb');
});

test('changes and operations say the same', () =>
  forAll((chance) => {
    const content = randomText(chance, 30);
    const op = randomOperation(chance, content);
    const changes = changesOf(content, op);
    const again = operationOf(content, changes);
    assert.equal(textType.apply(content, again), textType.apply(content, op));
    const spliced = [...changes].reverse().reduce((text, { from, to, insert }) => text.slice(0, from) + insert + text.slice(to), content);
    assert.equal(spliced, textType.apply(content, op));
  }));

test('an operation split for its size does the same in pieces that are within the limits', () =>
  forAll((chance) => {
    const content = randomText(chance, 40);
    const op = randomOperation(chance, content);
    const limits = { bytesMax: 96, partsMax: 2 + chance.below(4) };
    let rest: TextOp | null = op;
    let text = content;
    while (rest !== null) {
      const [first, second]: readonly [TextOp, TextOp | null] = textType.split(rest, limits);
      assert.ok(textType.encode(first).length <= limits.bytesMax && first.length <= limits.partsMax);
          assert.ok(second === null || first.length > 0, 'each piece does something');
      text = textType.apply(text, first);
      rest = second;
    }
    assert.equal(text, textType.apply(content, op));
  }));

test('the difference of two texts makes the one out of the other, and can be taken back', () =>
  forAll((chance) => {
    const from = randomText(chance, 40);
    const to = chance.oneIn(2) ? randomText(chance, 40) : textType.apply(from, randomOperation(chance, from));
    const op = textType.difference(from, to);
    assert.equal(textType.apply(from, op), to);
    assert.equal(textType.apply(to, textType.invert(op)), from);
  }));

test('equal lines between two differences stay', () => {
  const op = textType.difference('one\ntwo\nthree\nfour\n', 'one\n2\nthree\n4\n');
  assert.deepEqual(op, [4, '2\n', { d: 'two\n' }, 6, '4', { d: 'four' }]);
});

test('work within a replaced stretch overlaps it, and beside it does not', () => {
  assert.ok(textType.overlap([5, 'x'], [4, { d: 3 }]));
  assert.ok(!textType.overlap([4, 'x'], [4, { d: 3 }]));
  assert.ok(!textType.overlap([4, 'x'], [4, 'y']));
});

test('a cursor keeps its place, and its owner’s own edit takes it to the end of the change', () => {
  const cursor = { anchor: 2, head: 6 };
  assert.deepEqual(textType.moveCursor(cursor, ['ab'], false), { anchor: 4, head: 8 });
  assert.deepEqual(textType.moveCursor(cursor, [3, { d: 2 }, 'x'], true), { anchor: 4, head: 4 });
  assert.deepEqual(textType.decodeCursor(textType.encodeCursor(cursor)), cursor);
});
