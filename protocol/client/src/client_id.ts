import { randomOctets } from '#random';

import type { ClientId } from './messages.js';

/** A new id: 128 random bits. */
export function randomClientId(): ClientId {
  return toHex(randomOctets(new Uint8Array(16)));
}

export function toHex(octets: Uint8Array): string {
  return Array.from(octets, (octet) => octet.toString(16).padStart(2, '0')).join('');
}

export function fromHex(text: string): Uint8Array {
  if (!/^([0-9a-f]{2}){16}$/.test(text)) throw new TypeError(`not a client id: ${text}`);
  return Uint8Array.from({ length: 16 }, (_, index) => parseInt(text.slice(2 * index, 2 * index + 2), 16));
}
