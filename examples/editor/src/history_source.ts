/** A part of an operation on text, as docs/types/text.md has it in JSON: retain, insert, erase. */
export type Part = number | string | { readonly d: number | string };

/** One edit of a document's history. */
export interface PastEdit {
  readonly revision: number;
  readonly author: string;
  readonly client: string;
  /** When the server took it, as ISO 8601 has it. */
  readonly at: string;
  readonly operation: readonly Part[];
}

/** A document as it was, and the edit that made it so; none before the first edit, and where edits are kept no longer. */
export interface Version {
  readonly text: string;
  /** Before that edit; fetched only where the edit erased something that it does not name. */
  readonly before: string | null;
  readonly edit: PastEdit | null;
}

/** A name of a version. */
export interface Label {
  readonly name: string;
  readonly revision: number;
}

/** The names of a document's versions, and the first version from which every later one can be shown. */
export interface Labels {
  readonly labels: readonly Label[];
  readonly floor: number;
}

/** A restoration that finds the document gone on is tried again so often. */
const RESTORE_TRIES = 5;

/** A document's history, as the engine that served this page tells it. */
export class HistorySource {
  private readonly address: string;

  constructor(name: string) {
    this.address = `/v1/documents/default/${encodeURIComponent(name)}`;
  }

  /** `floor`: that of `labels`. */
  async version(revision: number, floor: number, signal: AbortSignal): Promise<Version> {
    if (revision === 0) return { text: '', before: null, edit: null };
    if (revision <= floor) return { text: await this.text(revision, signal), before: null, edit: null };
    const range = `?from=${revision}&to=${revision}`;
    const [text, { operations }] = await Promise.all([
      this.text(revision, signal),
      fetched(`${this.address}/operations${range}`, { signal }).then((answer) => answer.json()),
    ]);
    const edit = operations[0] as PastEdit;
    const isErasing = edit.operation.some((part) => typeof part === 'object' && typeof part.d === 'number');
    return { text, before: isErasing ? await this.text(revision - 1, signal) : null, edit };
  }

  async labels(): Promise<Labels> {
    const answer = await fetch(`${this.address}/labels`);
    if (answer.status === 404) return { labels: [], floor: 0 }; // a document that nobody has written in
    if (!answer.ok) throw await failureOf(answer);
    const { labels, floor } = await answer.json();
    return { labels, floor: floor ?? 0 };
  }

  /** Gives a version a name that no other has. */
  async addLabel({ name, revision }: Label): Promise<void> {
    await fetched(this.addressOf(name), {
      method: 'PUT',
      headers: { 'content-type': 'application/json', 'if-none-match': '*' },
      body: JSON.stringify({ revision }),
    });
  }

  async removeLabel({ name }: Label): Promise<void> {
    const answer = await fetch(this.addressOf(name), { method: 'DELETE' });
    if (!answer.ok && answer.status !== 404) throw await failureOf(answer);
  }

  /** Makes the document what it was, over whatever it is by then. */
  async restore(revision: number): Promise<void> {
    for (let tries = 1; ; ++tries) {
      const newest = await fetched(this.address, { method: 'HEAD', headers: PLAIN });
      const answer = await fetch(`${this.address}/revisions/${revision}:restore`, {
        method: 'POST',
        headers: { 'if-match': newest.headers.get('etag') ?? '' },
      });
      if (answer.ok) return;
      if (answer.status !== 412 || tries === RESTORE_TRIES) throw await failureOf(answer);
    }
  }

  private addressOf(label: string): string {
    return `${this.address}/labels/${encodeURIComponent(label)}`;
  }

  private text(revision: number, signal: AbortSignal): Promise<string> {
    const address = `${this.address}/revisions/${revision}`;
    return fetched(address, { signal, headers: PLAIN }).then((answer) => answer.text());
  }
}

const PLAIN = { accept: 'text/plain' };

async function fetched(address: string, how: RequestInit): Promise<Response> {
  const answer = await fetch(address, how);
  if (!answer.ok) throw await failureOf(answer);
  return answer;
}

async function failureOf(answer: Response): Promise<Error> {
  const said = await answer.json().catch(() => null);
  return new Error(said?.detail ?? `the server says ${answer.status}`);
}
