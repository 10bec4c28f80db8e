import { decodeMulti, encode } from '@msgpack/msgpack';

import { fromHex, toHex } from './client_id.js';
import { CLIENT_FORMS, SERVER_FORMS, type Fields, type Form, type Kind } from './forms.js';
import type { ClientMessage, ServerMessage } from './messages.js';

/** The other side sent what is not protocol version 1. */
export class MalformedMessage extends Error {
  override readonly name = 'MalformedMessage';
}

type Values = Readonly<Record<string, unknown>>;

/** A message in its wire form. */
export function encodeClientMessage(message: ClientMessage): Uint8Array {
  return encodeMessage(CLIENT_FORMS[message.type], message);
}

/** A message in its wire form: for servers in tests and for tools. */
export function encodeServerMessage(message: ServerMessage): Uint8Array {
  return encodeMessage(SERVER_FORMS[message.type], message);
}

/** The messages of one frame, in order. Types that this version does not have are passed over. */
export function decodeServerFrame(frame: Uint8Array): ServerMessage[] {
  return decodeFrame(SERVER_NUMBERS, frame) as unknown as ServerMessage[];
}

/** The messages of one frame as a server reads them. */
export function decodeClientFrame(frame: Uint8Array): ClientMessage[] {
  return decodeFrame(CLIENT_NUMBERS, frame) as unknown as ClientMessage[];
}

const CLIENT_NUMBERS = byNumber(CLIENT_FORMS);
const SERVER_NUMBERS = byNumber(SERVER_FORMS);

type Numbers = ReadonlyMap<number, readonly [type: string, fields: Fields]>;

function byNumber(forms: Readonly<Record<string, Form>>): Numbers {
  return new Map(Object.entries(forms).map(([type, form]) => [form.number, [type, form.fields]]));
}

function encodeMessage(form: Form, message: object): Uint8Array {
  return encode([form.number, ...toWire(form.fields, message as Values)]);
}

function toWire(fields: Fields, record: Values): unknown[] {
  return fields.map(([name, kind]) => fieldToWire(kind, record[name]));
}

function fieldToWire(kind: Kind, value: unknown): unknown {
  if (kind === 'id') return fromHex(value as string);
  if (typeof kind === 'string') return value;
  if ('record' in kind) return toWire(kind.record, value as Values);
  if ('list' in kind) return (value as Values[]).map((record) => toWire(kind.list, record));
  return value === null ? null : toWire(kind.optional, value as Values);
}

function decodeFrame(numbers: Numbers, frame: Uint8Array): Values[] {
  const messages: Values[] = [];
  for (const value of valuesOf(frame)) {
    if (!Array.isArray(value) || !Number.isSafeInteger(value[0])) throw new MalformedMessage('a message is an array');
    const known = numbers.get(value[0] as number);
    if (known !== undefined) messages.push({ type: known[0], ...fromWire(known[0], known[1], value.slice(1)) });
  }
  return messages;
}

function valuesOf(frame: Uint8Array): unknown[] {
  try {
    return [...decodeMulti(frame)];
  } catch (cause) {
    throw new MalformedMessage('a frame is MessagePack', { cause });
  }
}

/** Fields beyond the known ones are of later versions: they are passed over. */
function fromWire(owner: string, fields: Fields, values: readonly unknown[]): Values {
  const record: Record<string, unknown> = {};
  fields.forEach(([name, kind], index) => {
    record[name] = fieldFromWire(`${owner}.${name}`, kind, values[index]);
  });
  return record;
}

function fieldFromWire(path: string, kind: Kind, value: unknown): unknown {
  if (typeof kind === 'string') return scalarFromWire(path, kind, value);
  if ('optional' in kind) return value === null ? null : recordFromWire(path, kind.optional, value);
  if ('record' in kind) return recordFromWire(path, kind.record, value);
  if (!Array.isArray(value)) throw new MalformedMessage(`${path} is a list`);
  return value.map((item) => recordFromWire(path, kind.list, item));
}

function recordFromWire(path: string, fields: Fields, value: unknown): Values {
  if (!Array.isArray(value)) throw new MalformedMessage(`${path} is a record`);
  return fromWire(path, fields, value);
}

function scalarFromWire(path: string, kind: Extract<Kind, string>, value: unknown): unknown {
  switch (kind) {
    case 'uint':
      if (Number.isSafeInteger(value) && (value as number) >= 0) return value;
      break;
    case 'text':
      if (typeof value === 'string') return value;
      break;
    case 'boolean':
      if (typeof value === 'boolean') return value;
      break;
    case 'bytes':
      if (value instanceof Uint8Array) return value;
      break;
    case 'id':
      if (value instanceof Uint8Array && value.length === 16) return toHex(value);
      break;
  }
  throw new MalformedMessage(`${path} is ${kind}`);
}
