import assert from 'node:assert/strict';
import test from 'node:test';

import { decode, encode } from '@msgpack/msgpack';

import {
  decodeClientFrame,
  decodeServerFrame,
  encodeClientMessage,
  encodeServerMessage,
  MalformedMessage,
} from '../src/codec.js';
import type { ClientMessage, ServerMessage } from '../src/messages.js';

const CLIENT = '000102030405060708090a0b0c0d0e0f';
const BYTES = Uint8Array.of(1, 2, 3);

const FROM_CLIENTS: ClientMessage[] = [
  { type: 'hello', versionMin: 1, versionMax: 1, client: CLIENT, token: '', resume: BYTES, agent: 'test' },
  { type: 'open', request: 1, document: { organisation: 'default', name: 'a/b' }, documentType: 'text', since: null },
  {
    type: 'open',
    request: 2,
    document: { organisation: 'o', name: 'n' },
    documentType: 'text',
    since: { generation: 1, revision: 2 ** 53 - 1 },
  },
  { type: 'edit', document: 7, sequence: 1, base: 0, operation: BYTES },
  { type: 'presenceUpdate', document: 7, at: 5, cursor: BYTES, state: new Uint8Array() },
  { type: 'close', document: 7 },
  { type: 'ping', nonce: 1 },
  { type: 'pong', nonce: 2 },
];

const FROM_SERVERS: ServerMessage[] = [
  {
    type: 'welcome',
    version: 1,
    limits: { frameBytesMax: 1, operationBytesMax: 2, documentsMax: 3, editsInFlightMax: 4, presenceBytesMax: 5 },
    resume: BYTES,
    keepalive: 5_000,
  },
  { type: 'opened', request: 1, document: 7, generation: 1, revision: 9, documentType: 'text', lastSequence: 3, presence: 2 },
  { type: 'snapshotPart', document: 7, revision: 9, isLast: true, content: BYTES },
  { type: 'edits', document: 7, first: 10, run: [{ client: CLIENT, sequence: 1, operation: BYTES }] },
  { type: 'ack', document: 7, sequence: 1, revision: 10 },
  { type: 'nack', document: 7, sequence: 1, code: 19, detail: 'gap', expected: 2, retry: 100 },
  { type: 'presenceChanges', document: 7, entries: [{ id: 2, client: CLIENT, cursor: BYTES, state: BYTES }] },
  { type: 'closed', document: 7, code: 25, detail: '' },
  { type: 'resync', document: 7 },
  { type: 'bye', code: 29, detail: '', retry: 700 },
  { type: 'failure', request: 1, code: 12, detail: '', retry: 0 },
];

test('every message of a client is read as it was written', () => {
  const frame = Buffer.concat(FROM_CLIENTS.map(encodeClientMessage));
  assert.deepEqual(decodeClientFrame(new Uint8Array(frame)), FROM_CLIENTS);
});

test('every message of a server is read as it was written', () => {
  const frame = Buffer.concat(FROM_SERVERS.map(encodeServerMessage));
  assert.deepEqual(decodeServerFrame(new Uint8Array(frame)), FROM_SERVERS);
});

test('fields and messages of later versions are passed over', () => {
  const later = Buffer.concat([encode([68, 7, 1, 10, 'new field']), encode([99, 'new message'])]);
  assert.deepEqual(decodeServerFrame(new Uint8Array(later)), [{ type: 'ack', document: 7, sequence: 1, revision: 10 }]);
});

test('fields of later versions are passed over in the records within a message', () => {
  const later = (messages: (ClientMessage | ServerMessage)[], encodeMessage: (message: never) => Uint8Array) =>
    messages.map((message) => encode(extended(decode(encodeMessage(message as never)) as unknown[])));
  const fromServers = FROM_SERVERS.filter(({ type }) => type === 'welcome' || type === 'edits' || type === 'presenceChanges');
  const fromClients = FROM_CLIENTS.filter(({ type }) => type === 'open');
  const serverFrame = Buffer.concat(later(fromServers, encodeServerMessage));
  const clientFrame = Buffer.concat(later(fromClients, encodeClientMessage));
  assert.deepEqual(decodeServerFrame(new Uint8Array(serverFrame)), fromServers);
  assert.deepEqual(decodeClientFrame(new Uint8Array(clientFrame)), fromClients);
});

/** The message with one more field in each record within it: an array that does not hold arrays alone. */
function extended(message: readonly unknown[]): unknown[] {
  return message.map((field) => {
    if (!Array.isArray(field)) return field;
    return field.every(Array.isArray) ? extended(field) : [...(field as unknown[]), ['new', { field: 1 }]];
  });
}

test('what is not a message is refused', () => {
  const wrong = [encode('text'), encode([]), encode([68, 7, 1]), encode([68, 7, -1, 10]), encode([72, 1.5]), Uint8Array.of(0xc1)];
  for (const frame of wrong) assert.throws(() => decodeServerFrame(frame), MalformedMessage);
});
