/** A document that the engine has. */
export interface Listed {
  readonly name: string;
  readonly type: string;
  /** When it was changed last, as RFC 3339 has it. */
  readonly modified: string;
}

export interface Listing {
  readonly documents: readonly Listed[];
  /** What to ask after for more; null: that is all. */
  readonly next: string | null;
}

const ALL = '/v1/documents/default';
const PAGE = 20;
/** Milliseconds that the engine may take to answer. */
const PATIENCE = 10_000;

/** Some of the engine's documents, by name. Rejects if they cannot be had. */
export async function listDocuments(after: string | null): Promise<Listing> {
  const from = after === null ? '' : `&after=${encodeURIComponent(after)}`;
  const answer = await fetch(`${ALL}?limit=${PAGE}${from}`, { signal: AbortSignal.timeout(PATIENCE) });
  if (!answer.ok) throw new Error(`${answer.status} ${answer.statusText}`);
  const { documents, next } = (await answer.json()) as { documents: Listed[]; next: string | null };
  return { documents, next };
}

/** The type of the document of that name; null: there is none, or it cannot be said now. */
export async function typeOf(name: string): Promise<string | null> {
  try {
    const answer = await fetch(`${ALL}/${encodeURIComponent(name)}`, {
      method: 'HEAD',
      headers: { accept: 'application/json' },
      signal: AbortSignal.timeout(PATIENCE),
    });
    return answer.ok ? answer.headers.get('quire-type') : null;
  } catch {
    return null;
  }
}
