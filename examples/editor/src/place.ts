import { EDITORS, type EditorName } from './editors.js';

const PREFIX = '/d/';

/** The name of the document that the page's address names; null: none. */
export function documentInAddress(path: string): string | null {
  if (!path.startsWith(PREFIX) || path.length === PREFIX.length) return null;
  try {
    return decodeURIComponent(path.slice(PREFIX.length));
  } catch {
    return null;
  }
}

/** The address of a document's page in an editor. */
export function addressOf(name: string, editor: EditorName): string {
  return `${EDITORS[editor].folder}d/${encodeURIComponent(name)}`;
}

/** Where the engine that served this page speaks with clients. */
export function engineAddress(): string {
  const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:';
  return `${scheme}//${location.host}/v1/connect`;
}
