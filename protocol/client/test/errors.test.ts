import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import test from 'node:test';

import { errorOf, errorOfClose, isPermanent, numberOf } from '../src/errors.js';

const ROW = /error_description\{errc::\w+, "(\w+)", fault::(\w+), remedy::(\w+), (\d+), \d+\}/g;

test('the table of errors is the server’s', async () => {
  const source = await readFile(new URL('../../../errors.cpp', import.meta.url), 'utf8');
  const rows = [...source.matchAll(ROW)];
  assert.ok(rows.length > 40);
  for (const [index, [, code, fault, remedy, closeCode]] of rows.entries()) {
    const error = errorOf(index + 1, '');
    assert.deepEqual([error.code, error.fault, error.remedy], [code, fault, remedy]);
    assert.deepEqual(numberOf(error.code as never), { number: index + 1, closeCode: Number(closeCode) });
  }
  assert.equal(errorOf(rows.length + 1, '').code, 'internal');
});

test('a close code tells whether to come back', () => {
  assert.ok(isPermanent(4400) && isPermanent(4499));
  assert.ok(!isPermanent(1006) && !isPermanent(1012) && !isPermanent(4500));
  assert.equal(errorOfClose(4401, '').code, 'unauthenticated');
  assert.equal(errorOfClose(4498, '').remedy, 'give_up');
  assert.equal(errorOfClose(1006, '').remedy, 'retry');
});
