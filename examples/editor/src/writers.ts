import { identityOf, type Identity } from './identity.js';
import { readStored, store } from './storage.js';

const KEY = 'quire.writers';
const WRITERS_MAX = 200;

/** Who was behind which editing session, as far as this browser has met them. */
export class Writers {
  private readonly known = new Map<string, Identity>();

  constructor() {
    const stored = readStored(KEY);
    for (const entry of Array.isArray(stored) ? stored : []) {
      const identity = identityOf(entry);
      if (identity !== null && typeof entry.client === 'string') this.known.set(entry.client, identity);
    }
  }

  note(client: string, identity: Identity | null): void {
    const before = this.known.get(client);
    if (identity === null || (before?.name === identity.name && before.colour === identity.colour)) return;
    this.known.delete(client);
    this.known.set(client, identity);
    const kept = [...this.known].slice(-WRITERS_MAX);
    store(KEY, kept.map(([id, { name, colour }]) => ({ client: id, name, colour })));
  }

  of(client: string): Identity | null {
    return this.known.get(client) ?? null;
  }
}
