import { isEditorName, type EditorName } from './editors.js';
import { readStored, store } from './storage.js';

/** A document that was open in this browser. */
export interface Recent {
  readonly name: string;
  readonly editor: EditorName;
  /** Milliseconds since 1970. */
  readonly openedAt: number;
}

const KEY = 'quire.recent';
const RECENT_MAX = 12;

/** The newest first. */
export function recentDocuments(): Recent[] {
  const stored = readStored(KEY);
  return Array.isArray(stored) ? stored.flatMap(recentOf).slice(0, RECENT_MAX) : [];
}

export function noteOpened(name: string, editor: EditorName): void {
  const others = recentDocuments().filter((recent) => recent.name !== name);
  store(KEY, [{ name, editor, openedAt: Date.now() }, ...others].slice(0, RECENT_MAX));
}

function recentOf(value: unknown): Recent[] {
  const { name, editor, openedAt } = (value ?? {}) as Record<string, unknown>;
  if (typeof name !== 'string' || typeof openedAt !== 'number' || !Number.isFinite(openedAt)) return [];
  return [{ name, editor: isEditorName(editor) ? editor : 'text', openedAt }]; // Once there was one editor alone.
}
