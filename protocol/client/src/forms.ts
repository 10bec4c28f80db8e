import type { ClientMessage, ServerMessage } from './messages.js';

/** What a field holds on the wire. `id` is a 16-byte binary, hexadecimal in this package. */
export type Kind = 'uint' | 'text' | 'bytes' | 'id' | 'boolean' | RecordKind | ListKind | OptionalKind;

export interface RecordKind {
  readonly record: Fields;
}
export interface ListKind {
  readonly list: Fields;
}
export interface OptionalKind {
  readonly optional: Fields;
}

/** A record's fields in the order of the wire. */
export type Fields = readonly (readonly [name: string, kind: Kind])[];

/** A message: the array [number, field...]. Fields are only ever added at the end. */
export interface Form {
  readonly number: number;
  readonly fields: Fields;
}

const DOCUMENT_NAME: Fields = [
  ['organisation', 'text'],
  ['name', 'text'],
];
const POSITION: Fields = [
  ['generation', 'uint'],
  ['revision', 'uint'],
];
const LIMITS: Fields = [
  ['frameBytesMax', 'uint'],
  ['operationBytesMax', 'uint'],
  ['documentsMax', 'uint'],
  ['editsInFlightMax', 'uint'],
  ['presenceBytesMax', 'uint'],
];
const COMMITTED_EDIT: Fields = [
  ['client', 'id'],
  ['sequence', 'uint'],
  ['operation', 'bytes'],
];
const PRESENCE_ENTRY: Fields = [
  ['id', 'uint'],
  ['client', 'id'],
  ['cursor', 'bytes'],
  ['state', 'bytes'],
];

const PING: Form = { number: 32, fields: [['nonce', 'uint']] };
const PONG: Form = { number: 33, fields: [['nonce', 'uint']] };

/** What clients send. */
export const CLIENT_FORMS: Readonly<Record<ClientMessage['type'], Form>> = {
  hello: {
    number: 1,
    fields: [
      ['versionMin', 'uint'],
      ['versionMax', 'uint'],
      ['client', 'id'],
      ['token', 'text'],
      ['resume', 'bytes'],
      ['agent', 'text'],
    ],
  },
  open: {
    number: 2,
    fields: [
      ['request', 'uint'],
      ['document', { record: DOCUMENT_NAME }],
      ['documentType', 'text'],
      ['since', { optional: POSITION }],
    ],
  },
  edit: {
    number: 3,
    fields: [
      ['document', 'uint'],
      ['sequence', 'uint'],
      ['base', 'uint'],
      ['operation', 'bytes'],
    ],
  },
  presenceUpdate: {
    number: 4,
    fields: [
      ['document', 'uint'],
      ['at', 'uint'],
      ['cursor', 'bytes'],
      ['state', 'bytes'],
    ],
  },
  close: { number: 5, fields: [['document', 'uint']] },
  ping: PING,
  pong: PONG,
};

/** What servers send. */
export const SERVER_FORMS: Readonly<Record<ServerMessage['type'], Form>> = {
  welcome: {
    number: 64,
    fields: [
      ['version', 'uint'],
      ['limits', { record: LIMITS }],
      ['resume', 'bytes'],
      ['keepalive', 'uint'],
    ],
  },
  opened: {
    number: 65,
    fields: [
      ['request', 'uint'],
      ['document', 'uint'],
      ['generation', 'uint'],
      ['revision', 'uint'],
      ['documentType', 'text'],
      ['lastSequence', 'uint'],
      ['presence', 'uint'],
    ],
  },
  snapshotPart: {
    number: 66,
    fields: [
      ['document', 'uint'],
      ['revision', 'uint'],
      ['isLast', 'boolean'],
      ['content', 'bytes'],
    ],
  },
  edits: {
    number: 67,
    fields: [
      ['document', 'uint'],
      ['first', 'uint'],
      ['run', { list: COMMITTED_EDIT }],
    ],
  },
  ack: {
    number: 68,
    fields: [
      ['document', 'uint'],
      ['sequence', 'uint'],
      ['revision', 'uint'],
    ],
  },
  nack: {
    number: 69,
    fields: [
      ['document', 'uint'],
      ['sequence', 'uint'],
      ['code', 'uint'],
      ['detail', 'text'],
      ['expected', 'uint'],
      ['retry', 'uint'],
    ],
  },
  presenceChanges: {
    number: 70,
    fields: [
      ['document', 'uint'],
      ['entries', { list: PRESENCE_ENTRY }],
    ],
  },
  closed: {
    number: 71,
    fields: [
      ['document', 'uint'],
      ['code', 'uint'],
      ['detail', 'text'],
    ],
  },
  resync: { number: 72, fields: [['document', 'uint']] },
  bye: {
    number: 73,
    fields: [
      ['code', 'uint'],
      ['detail', 'text'],
      ['retry', 'uint'],
    ],
  },
  failure: {
    number: 74,
    fields: [
      ['request', 'uint'],
      ['code', 'uint'],
      ['detail', 'text'],
      ['retry', 'uint'],
    ],
  },
  ping: PING,
  pong: PONG,
};
