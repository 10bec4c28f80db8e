/** The messages of protocol version 1, as docs/protocol.md has them. */

export const PROTOCOL_VERSION = 1;
export const SUBPROTOCOL = 'quire.v1';

/** 128 random bits in hexadecimal: one editing session, across reconnects. */
export type ClientId = string;

/** A document's name. Organisation and name are never joined and split. */
export interface DocumentName {
  readonly organisation: string;
  readonly name: string;
}

/** Where a client left a document. */
export interface Position {
  readonly generation: number;
  readonly revision: number;
}

export interface Hello {
  readonly type: 'hello';
  readonly versionMin: number;
  readonly versionMax: number;
  readonly client: ClientId;
  readonly token: string;
  readonly resume: Uint8Array;
  readonly agent: string;
}

export interface Open {
  readonly type: 'open';
  readonly request: number;
  readonly document: DocumentName;
  readonly documentType: string;
  readonly since: Position | null;
}

export interface Edit {
  readonly type: 'edit';
  readonly document: number;
  readonly sequence: number;
  readonly base: number;
  readonly operation: Uint8Array;
}

export interface PresenceUpdate {
  readonly type: 'presenceUpdate';
  readonly document: number;
  readonly at: number;
  readonly cursor: Uint8Array;
  readonly state: Uint8Array;
}

export interface Close {
  readonly type: 'close';
  readonly document: number;
}

export interface Ping {
  readonly type: 'ping';
  readonly nonce: number;
}

export interface Pong {
  readonly type: 'pong';
  readonly nonce: number;
}

export type ClientMessage = Hello | Open | Edit | PresenceUpdate | Close | Ping | Pong;

export interface Limits {
  readonly frameBytesMax: number;
  readonly operationBytesMax: number;
  readonly documentsMax: number;
  readonly editsInFlightMax: number;
  readonly presenceBytesMax: number;
}

export interface Welcome {
  readonly type: 'welcome';
  readonly version: number;
  readonly limits: Limits;
  readonly resume: Uint8Array;
  readonly keepalive: number;
}

export interface Opened {
  readonly type: 'opened';
  readonly request: number;
  readonly document: number;
  readonly generation: number;
  readonly revision: number;
  readonly documentType: string;
  readonly lastSequence: number;
  readonly presence: number;
}

export interface SnapshotPart {
  readonly type: 'snapshotPart';
  readonly document: number;
  readonly revision: number;
  readonly isLast: boolean;
  readonly content: Uint8Array;
}

export interface CommittedEdit {
  readonly client: ClientId;
  readonly sequence: number;
  readonly operation: Uint8Array;
}

export interface Edits {
  readonly type: 'edits';
  readonly document: number;
  readonly first: number;
  readonly run: readonly CommittedEdit[];
}

export interface Ack {
  readonly type: 'ack';
  readonly document: number;
  readonly sequence: number;
  readonly revision: number;
}

export interface Nack {
  readonly type: 'nack';
  readonly document: number;
  readonly sequence: number;
  readonly code: number;
  readonly detail: string;
  readonly expected: number;
  readonly retry: number;
}

export interface PresenceEntry {
  readonly id: number;
  readonly client: ClientId;
  readonly cursor: Uint8Array;
  readonly state: Uint8Array;
}

export interface PresenceChanges {
  readonly type: 'presenceChanges';
  readonly document: number;
  readonly entries: readonly PresenceEntry[];
}

export interface Closed {
  readonly type: 'closed';
  readonly document: number;
  readonly code: number;
  readonly detail: string;
}

export interface Resync {
  readonly type: 'resync';
  readonly document: number;
}

export interface Bye {
  readonly type: 'bye';
  readonly code: number;
  readonly detail: string;
  readonly retry: number;
}

export interface Failure {
  readonly type: 'failure';
  readonly request: number;
  readonly code: number;
  readonly detail: string;
  readonly retry: number;
}

export type ServerMessage =
  | Welcome
  | Opened
  | SnapshotPart
  | Edits
  | Ack
  | Nack
  | PresenceChanges
  | Closed
  | Resync
  | Bye
  | Failure
  | Ping
  | Pong;

/** A server's message about one document. */
export type DocumentMessage = Extract<ServerMessage, { document: number }>;
