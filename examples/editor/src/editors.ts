/** Something that documents are written with. */
export interface EditorChoice {
  readonly label: string;
  /** The type of the engine's documents that it edits. */
  readonly type: string;
  /** The folder of its pages. */
  readonly folder: string;
}

/** The editors of this demo: this one, and the examples beside it. */
export const EDITORS = {
  text: { label: 'Text', type: 'text', folder: '/' },
  tiptap: { label: 'Tiptap', type: 'yjs', folder: '/tiptap/' },
  codemirror: { label: 'CodeMirror', type: 'yjs', folder: '/codemirror-yjs/' },
} as const satisfies Record<string, EditorChoice>;

export type EditorName = keyof typeof EDITORS;

export function isEditorName(value: unknown): value is EditorName {
  return typeof value === 'string' && Object.hasOwn(EDITORS, value);
}

/** Those that edit documents of a type, the one to offer first at the front; none: a type that this demo does not know. */
export function editorsFor(type: string): EditorName[] {
  return (Object.keys(EDITORS) as EditorName[]).filter((name) => EDITORS[name].type === type);
}
