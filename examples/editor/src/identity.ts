import { toWellFormed } from '@quire/client';

import { readStored, store } from './storage.js';

/** How somebody appears to others. */
export interface Identity {
  readonly name: string;
  /** An index of COLOURS. */
  readonly colour: number;
}

/** The colours people may have; styles/colours.css has what they look like. */
export const COLOURS = ['Rose', 'Orange', 'Ochre', 'Green', 'Teal', 'Blue', 'Indigo', 'Plum'] as const;

const KEY = 'quire.identity';
const NAME_MAX = 40;

/** Who this browser's person is; a guest at first. */
export function loadIdentity(): Identity {
  const known = identityOf(readStored(KEY));
  if (known !== null) return known;
  const guest = {
    name: `Guest ${100 + Math.floor(Math.random() * 900)}`,
    colour: Math.floor(Math.random() * COLOURS.length),
  };
  saveIdentity(guest);
  return guest;
}

export function saveIdentity(identity: Identity): void {
  store(KEY, identity);
}

/** What somebody sent as an identity, if it is one. */
export function identityOf(value: unknown): Identity | null {
  if (typeof value !== 'object' || value === null) return null;
  const { name, colour } = value as Record<string, unknown>;
  if (typeof name !== 'string' || !Number.isInteger(colour)) return null;
  const shown = cleanName(name);
  return shown === '' ? null : { name: shown, colour: Math.abs(colour as number) % COLOURS.length };
}

/** A name as it is shown: on one line, not too long. */
export function cleanName(name: string): string {
  const oneLine = toWellFormed(name).replace(/[\s\p{C}]+/gu, ' ').trim();
  return Array.from(oneLine).slice(0, NAME_MAX).join('');
}

/** What stands in somebody's circle. */
export function initialOf({ name }: Identity): string {
  return (Array.from(name)[0] ?? '?').toLocaleUpperCase();
}
