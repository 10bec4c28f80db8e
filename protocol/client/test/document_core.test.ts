import assert from 'node:assert/strict';
import test from 'node:test';

import { DocumentCore, type Effect } from '../src/document_core.js';
import { numberOf, type ServerErrorCode } from '../src/errors.js';
import { operationOf } from '../src/text_changes.js';
import type { TextOp } from '../src/text_operation.js';
import { textType } from '../src/text_type.js';

const ME = '11111111111111111111111111111111';
const OTHER = '22222222222222222222222222222222';
const LIMITS = { bytesMax: 1_000, partsMax: 100 };

/** A core with the server's part spoken by the test. */
class Talk {
  readonly core = new DocumentCore<string, TextOp>(textType, ME);

  open(revision: number, lastSequence = 0, generation = 1): Effect<string, TextOp>[] {
    const numbers = { request: 1, document: 1, generation, revision, lastSequence, presence: 1 };
    return this.core.onOpened({ type: 'opened', documentType: 'text', ...numbers });
  }

  snapshot(revision: number, text: string): Effect<string, TextOp>[] {
    const content = new TextEncoder().encode(text);
    return this.core.onSnapshotPart({ type: 'snapshotPart', document: 1, revision, isLast: true, content });
  }

  edits(first: number, ...run: [client: string, sequence: number, operation: TextOp][]): Effect<string, TextOp>[] {
    const committed = run.map(([client, sequence, op]) => ({ client, sequence, operation: textType.encode(op) }));
    return this.core.onEdits({ type: 'edits', document: 1, first, run: committed });
  }

  nack(code: ServerErrorCode, expected = 0): Effect<string, TextOp>[] {
    const numbers = { document: 1, sequence: 1, code: numberOf(code).number, expected, retry: 40 };
    return this.core.onNack({ type: 'nack', detail: '', ...numbers });
  }

  write(offset: number, insert: string): void {
    this.core.edit(operationOf(this.core.content, [{ from: offset, to: offset, insert }]));
  }

  take(): { sequence: number; base: number; operation: TextOp } | null {
    const edit = this.core.takeEdit(LIMITS);
    return edit && { ...edit, operation: textType.decode(edit.operation) };
  }
}

function opened(text: string): Talk {
  const talk = new Talk();
  talk.open(1);
  talk.snapshot(1, text);
  return talk;
}

function kinds(effects: readonly Effect<string, TextOp>[]): string[] {
  return effects.map(({ kind }) => kind);
}

test('one edit is in flight and what is typed meanwhile goes out as one', () => {
  const talk = opened('');
  talk.write(0, 'a');
  assert.deepEqual(talk.take(), { sequence: 1, base: 1, operation: ['a'] });
  talk.write(1, 'b');
  talk.write(2, 'c');
  assert.equal(talk.take(), null);
  talk.edits(2, [ME, 1, ['a']]);
  assert.deepEqual(talk.take(), { sequence: 2, base: 2, operation: [1, 'bc'] });
  assert.ok(!talk.core.isSaved);
  talk.edits(3, [ME, 2, [1, 'bc']]);
  assert.ok(talk.core.isSaved);
});

test('of two inserts at one place the one that the server has later goes first', () => {
  const talk = opened('');
  talk.write(0, 'mine');
  talk.take();
  talk.edits(2, [OTHER, 1, ['theirs']]);
  assert.equal(talk.core.content, 'minetheirs');
  assert.deepEqual(kinds(talk.edits(3, [ME, 1, ['mine']])), []);
});

test('after a lost connection the same edit is sent again in the same bytes', () => {
  const talk = opened('');
  talk.write(0, 'x');
  const first = talk.core.takeEdit(LIMITS);
  talk.edits(2, [OTHER, 1, ['before ']]);
  talk.core.suspend();
  assert.deepEqual(talk.core.position, { generation: 1, revision: 2 });
  talk.open(2);
  assert.deepEqual(talk.core.takeEdit(LIMITS), first);
});

test('an edit that was applied before the connection was lost is found in the run and not sent again', () => {
  const talk = opened('');
  talk.write(0, 'x');
  talk.take();
  talk.core.suspend();
  talk.open(3, 1);
  assert.equal(talk.take(), null);
  talk.edits(2, [OTHER, 1, ['before ']], [ME, 1, [7, 'x']]);
  // Here the guess about ties was ours, and the server's word counts.
  assert.equal(talk.core.content, 'before x');
  assert.ok(talk.core.isSaved && talk.core.isLive);
});

test('a snapshot that has the edit in flight saves it without a copy', () => {
  const talk = opened('one\n');
  talk.write(4, 'two\n');
  talk.take();
  talk.write(8, 'three\n');
  talk.core.suspend();
  talk.open(9, 1);
  const effects = talk.snapshot(9, 'zero\none\ntwo\n');
  assert.deepEqual(kinds(effects), ['change']);
  assert.equal(talk.core.content, 'zero\none\ntwo\nthree\n');
  assert.deepEqual(talk.take(), { sequence: 2, base: 9, operation: [13, 'three\n'] });
});

test('unsent work is rebased over a snapshot where it touches nothing that changed', () => {
  const talk = opened('one\ntwo\nthree\n');
  talk.write(4, 'and ');
  talk.core.suspend();
  talk.open(50);
  assert.deepEqual(kinds(talk.snapshot(50, 'ONE\ntwo\nTHREE\n')), ['change']);
  assert.equal(talk.core.content, 'ONE\nand two\nTHREE\n');
});

test('unsent work in a place that changed is offered as a copy', () => {
  const talk = opened('one\ntwo\nthree\n');
  talk.write(5, '!');
  talk.core.suspend();
  talk.open(50);
  const effects = talk.snapshot(50, 'one\n2\nthree\n');
  assert.deepEqual(kinds(effects), ['copy', 'change']);
  assert.equal((effects[0] as { content: string }).content, 'one\nt!wo\nthree\n');
  assert.equal(talk.core.content, 'one\n2\nthree\n');
  assert.ok(talk.core.isSaved);
});

test('work on a document that was deleted and made anew is offered as a copy', () => {
  const talk = opened('old');
  talk.write(3, ' work');
  talk.core.suspend();
  const effects = talk.open(0, 0, 2);
  assert.deepEqual(kinds(effects), ['copy', 'change']);
  assert.equal(talk.core.content, '');
  assert.deepEqual(talk.core.position, { generation: 2, revision: 0 });
});

test('an opening that was interrupted changes nothing', () => {
  const talk = opened('old');
  talk.core.suspend();
  talk.open(9, 0, 2);
  talk.core.suspend();
  assert.equal(talk.core.content, 'old');
  assert.equal(talk.core.position, null);
  talk.open(9, 0, 2);
  talk.snapshot(9, 'new');
  assert.equal(talk.core.content, 'new');
});

test('an edit on a base that is too old is sent in the form that fits now', () => {
  const talk = opened('');
  talk.write(0, 'x');
  talk.take();
  talk.edits(2, [OTHER, 1, ['abc']]);
  assert.deepEqual(talk.nack('base_too_old'), [{ kind: 'resendLater', delay: 0 }]);
  talk.core.resend();
  assert.deepEqual(talk.take(), { sequence: 1, base: 2, operation: ['x'] });
});

test('a gap is closed by the number that the server expects', () => {
  const talk = opened('');
  talk.write(0, 'x');
  talk.take();
  assert.deepEqual(kinds(talk.nack('sequence_gap', 5)), ['resendLater']);
  talk.core.resend();
  assert.equal(talk.take()?.sequence, 5);
});

test('an edit refused for now is sent again when the server says so', () => {
  const talk = opened('');
  talk.write(0, 'x');
  talk.take();
  assert.deepEqual(talk.nack('store_unavailable'), [{ kind: 'resendLater', delay: 40 }]);
});

test('an edit refused for good becomes a copy and the document comes anew', () => {
  const talk = opened('text');
  talk.write(4, ' too much');
  talk.take();
  assert.deepEqual(kinds(talk.nack('document_too_large')), ['reopen']);
  talk.core.suspend();
  assert.equal(talk.core.position, null);
  talk.open(1);
  assert.deepEqual(kinds(talk.snapshot(1, 'text')), ['copy', 'change']);
  assert.equal(talk.core.content, 'text');
});

test('without the right to edit the document ends', () => {
  const talk = opened('text');
  talk.write(4, '!');
  talk.take();
  assert.deepEqual(kinds(talk.nack('forbidden')), ['failed']);
});

test('a run that leaves a gap is not applied', () => {
  const talk = opened('');
  assert.deepEqual(kinds(talk.edits(5, [OTHER, 1, ['x']])), ['reopen']);
  assert.equal(talk.core.content, '');
});

test('edits that are known already are passed over', () => {
  const talk = opened('');
  talk.edits(2, [OTHER, 1, ['a']]);
  assert.deepEqual(kinds(talk.edits(2, [OTHER, 1, ['a']], [OTHER, 2, ['b']])), ['change']);
  assert.equal(talk.core.content, 'ba');
});

test('what is typed offline stays as small as what it does', () => {
  const talk = opened('start');
  talk.core.suspend();
  for (let round = 0; round < 500; ++round) {
    talk.write(5, 'x');
    talk.core.edit(operationOf(talk.core.content, [{ from: 5, to: 6, insert: '' }]));
  }
  assert.ok(talk.core.isSaved);
  talk.write(5, '!');
  assert.deepEqual(talk.core.pending, [[5, '!']]);
});

test('a large paste goes out in edits that the server takes', () => {
  const talk = opened('');
  talk.write(0, 'ab'.repeat(1_500));
  let text = '';
  for (let sequence = 1, edit = talk.take(); edit !== null; edit = talk.take(), ++sequence) {
    assert.ok(textType.encode(edit.operation).length <= LIMITS.bytesMax);
    text = textType.apply(text, edit.operation);
    talk.edits(sequence + 1, [ME, sequence, edit.operation]);
  }
  assert.equal(text, talk.core.content);
});
