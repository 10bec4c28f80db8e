export { connect, QuireClient, type ClientEvents, type ClientOptions, type DelayedOpen } from './client.js';
export type { ConnectionState } from './connection.js';
export type { DocumentState, Origin, UnsavedCopy } from './document_session.js';
export type { Environment, WebSocketClass, WebSocketLike } from './environment.js';
export { QuireError, type ErrorCode, type Fault, type Remedy } from './errors.js';
export type { ClientId, DocumentName } from './messages.js';
export { toWellFormed, type TextChange } from './text_changes.js';
export {
  TextDocument,
  type Selection,
  type TextChanged,
  type TextEvents,
  type TextPeer,
  type TextPresence,
} from './text_document.js';
