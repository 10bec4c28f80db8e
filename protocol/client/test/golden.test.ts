import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';

import { decodeClientFrame, decodeServerFrame, encodeClientMessage, encodeServerMessage } from '../src/codec.js';
import { CLIENT_FORMS, SERVER_FORMS, type Form } from '../src/forms.js';
import type { ClientMessage, ServerMessage } from '../src/messages.js';

interface Golden {
  readonly name: string;
  readonly from: 'client' | 'server' | 'both';
  readonly hex: string;
  /** As on the wire; binaries are { hex }. */
  readonly value: readonly unknown[];
}

// The server's own tests read and write these too.
const FILE = new URL('../../../../tests/protocol/golden/messages.json', import.meta.url);
const ALL = JSON.parse(readFileSync(FILE, 'utf8')) as Golden[];

function bytesOf(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex, 'hex'));
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

/** What is in a message, without the names that only this package gives. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return { hex: hexOf(value) };
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'object' && value !== null) return Object.values(value).map(plain);
  return typeof value === 'string' && /^[0-9a-f]{32}$/.test(value) ? { hex: value } : value;
}

function wireOf(forms: Readonly<Record<string, Form>>, message: { type: string }): unknown {
  const { type, ...fields } = message;
  return [forms[type]?.number, ...(plain(fields) as unknown[])];
}

test('every message is there', () => {
  assert.ok(ALL.length >= Object.keys(CLIENT_FORMS).length + Object.keys(SERVER_FORMS).length - 2);
});

for (const { name, from, hex, value } of ALL) {
  if (from !== 'server')
    test(`${name} of a client is on the wire as the server has it`, () => {
      const message = decodeClientFrame(bytesOf(hex))[0] as ClientMessage;
      assert.deepEqual(wireOf(CLIENT_FORMS, message), value);
      assert.equal(hexOf(encodeClientMessage(message)), hex);
    });
  if (from !== 'client')
    test(`${name} of a server is on the wire as the server has it`, () => {
      const message = decodeServerFrame(bytesOf(hex))[0] as ServerMessage;
      assert.deepEqual(wireOf(SERVER_FORMS, message), value);
      assert.equal(hexOf(encodeServerMessage(message)), hex);
    });
}
