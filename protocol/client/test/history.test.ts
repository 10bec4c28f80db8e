import assert from 'node:assert/strict';
import test from 'node:test';

import { History } from '../src/history.js';
import { operationOf } from '../src/text_changes.js';
import type { TextOp } from '../src/text_operation.js';
import { textType } from '../src/text_type.js';

/** A text with an undo history, edited by its owner and by others. */
class Desk {
  text = '';
  readonly history = new History<string, TextOp>(textType);

  write(offset: number, insert: string, now: number): void {
    const op = operationOf(this.text, [{ from: offset, to: offset, insert }]);
    this.apply(op);
    this.history.note(op, now);
  }

  others(from: number, to: number, insert: string): void {
    const op = operationOf(this.text, [{ from, to, insert }]);
    this.apply(op);
    this.history.receive(op);
  }

  undo(): void {
    this.apply(this.history.undo(this.text) ?? []);
  }

  redo(): void {
    this.apply(this.history.redo(this.text) ?? []);
  }

  private apply(op: TextOp): void {
    this.text = textType.apply(this.text, op);
  }
}

test('undo takes back the own step and leaves what others wrote', () => {
  const desk = new Desk();
  desk.write(0, 'mine ', 0);
  desk.others(5, 5, 'theirs ');
  desk.write(0, 'more ', 10_000);
  desk.others(0, 0, '> ');
  desk.undo();
  assert.equal(desk.text, '> mine theirs ');
  desk.undo();
  assert.equal(desk.text, '> theirs ');
  assert.ok(!desk.history.canUndo);
});

test('redo brings it back among what others wrote meanwhile', () => {
  const desk = new Desk();
  desk.others(0, 0, '# end');
  desk.write(2, 'one ', 0);
  desk.write(6, 'two ', 10_000);
  desk.undo();
  desk.undo();
  desk.others(0, 0, '#');
  desk.redo();
  desk.redo();
  assert.equal(desk.text, '## one two end');
  desk.undo();
  assert.equal(desk.text, '## one end');
});

test('quick edits are one step, also when others write in between', () => {
  const desk = new Desk();
  desk.write(0, 'a', 0);
  desk.others(0, 0, '_');
  desk.write(2, 'b', 100);
  desk.undo();
  assert.equal(desk.text, '_');
});

test('a step whose text others have deleted is passed over', () => {
  const desk = new Desk();
  desk.write(0, 'first ', 0);
  desk.write(6, 'second', 10_000);
  desk.others(6, 12, '');
  desk.undo();
  assert.equal(desk.text, '');
});

test('a new edit ends what could be redone', () => {
  const desk = new Desk();
  desk.write(0, 'a', 0);
  desk.undo();
  desk.write(0, 'b', 10_000);
  assert.ok(!desk.history.canRedo);
});

test('an undone deletion brings back the text that was deleted', () => {
  const desk = new Desk();
  desk.others(0, 0, 'a𝔸b');
  const op = operationOf(desk.text, [{ from: 1, to: 3, insert: '' }]);
  desk.text = textType.apply(desk.text, op);
  desk.history.note(op, 0);
  desk.undo();
  assert.equal(desk.text, 'a𝔸b');
});
