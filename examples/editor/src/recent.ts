import { readStored, store } from './storage.js';

/** A document that was open in this browser. */
export interface Recent {
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly openedAt: number;
}

const KEY = 'quire.recent';
const RECENT_MAX = 12;

/** The newest first. */
export function recentDocuments(): Recent[] {
  const stored = readStored(KEY);
  return Array.isArray(stored) ? stored.filter(isRecent).slice(0, RECENT_MAX) : [];
}

export function noteOpened(name: string): void {
  const others = recentDocuments().filter((recent) => recent.name !== name);
  store(KEY, [{ name, openedAt: Date.now() }, ...others].slice(0, RECENT_MAX));
}

function isRecent(value: unknown): value is Recent {
  if (typeof value !== 'object' || value === null) return false;
  const { name, openedAt } = value as Record<string, unknown>;
  return typeof name === 'string' && Number.isFinite(openedAt);
}
