/** Whose fault an error is. */
export type Fault = 'client' | 'server' | 'nobody';

/** What helps: the same again later; the same again now; opening anew; a new token; nothing that a program can do. */
export type Remedy = 'retry' | 'resend' | 'reload' | 'reauthenticate' | 'give_up';

interface Row {
  readonly name: string;
  readonly fault: Fault;
  readonly remedy: Remedy;
  /** 4400 to 4499 are permanent. */
  readonly closeCode: number;
}

/** The server's table of errors, in the order of their numbers, from 1. */
const TABLE = [
  row('malformed_message', 'client', 'give_up', 4400),
  row('message_too_large', 'client', 'give_up', 4413),
  row('unknown_message', 'client', 'give_up', 4400),
  row('hello_expected', 'client', 'give_up', 4402),
  row('already_greeted', 'client', 'give_up', 4402),
  row('unsupported_version', 'client', 'give_up', 4406),
  row('stale_epoch', 'nobody', 'resend', 4500),
  row('unknown_document_type', 'client', 'give_up', 4415),
  row('type_mismatch', 'client', 'give_up', 4415),
  row('document_not_open', 'client', 'reload', 4500),
  row('not_found', 'client', 'give_up', 4404),
  row('invalid_name', 'client', 'give_up', 4404),
  row('future_revision', 'client', 'reload', 4409),
  row('base_too_old', 'nobody', 'reload', 4500),
  row('malformed_operation', 'client', 'reload', 4422),
  row('operation_too_large', 'client', 'reload', 4413),
  row('document_too_large', 'client', 'reload', 4413),
  row('too_costly', 'client', 'reload', 4500),
  row('sequence_gap', 'client', 'resend', 4500),
  row('sequence_reused', 'client', 'reload', 4409),
  row('too_many_documents', 'client', 'give_up', 4429),
  row('too_much_presence', 'client', 'give_up', 4429),
  row('slow_reader', 'client', 'retry', 1013),
  row('generation_changed', 'nobody', 'reload', 4500),
  row('document_deleted', 'nobody', 'give_up', 4410),
  row('document_damaged', 'server', 'give_up', 4424),
  row('store_unavailable', 'server', 'retry', 1013),
  row('commit_in_doubt', 'server', 'resend', 1013),
  row('shutting_down', 'nobody', 'retry', 1012),
  row('overloaded', 'server', 'retry', 1013),
  row('hello_timeout', 'client', 'retry', 4508),
  row('silent', 'client', 'retry', 4508),
  row('unauthenticated', 'client', 'reauthenticate', 4401),
  row('forbidden', 'client', 'give_up', 4403),
  row('superseded', 'nobody', 'give_up', 4411),
  row('client_id_in_use', 'client', 'retry', 4509),
  row('not_here', 'nobody', 'resend', 4500),
  row('internal', 'server', 'retry', 1011),
  row('already_exists', 'client', 'give_up', 4409),
  row('schema_mismatch', 'server', 'give_up', 1011),
  row('precondition_failed', 'client', 'reload', 4409),
  row('text_frame', 'client', 'give_up', 4400),
  row('store_locked', 'server', 'give_up', 1011),
  row('invalid_configuration', 'server', 'give_up', 1011),
  row('too_many_clients', 'nobody', 'give_up', 4429),
  row('too_many_labels', 'client', 'give_up', 4429),
  row('history_trimmed', 'nobody', 'give_up', 4410),
];

/** What a server can say. */
export type ServerErrorCode = (typeof TABLE)[number]['name'];

/** The client's own are the last two: a connection that ended without a reason, a document or client that was closed. */
export type ErrorCode = ServerErrorCode | 'connection_lost' | 'closed_here';

const OWN: Readonly<Record<Exclude<ErrorCode, ServerErrorCode>, Row>> = {
  connection_lost: row('connection_lost', 'nobody', 'retry', 1006),
  closed_here: row('closed_here', 'nobody', 'give_up', 1000),
};

/** Something was refused or failed. `detail` is for people; nobody parses it. */
export class QuireError extends Error {
  override readonly name = 'QuireError';
  readonly code: ErrorCode;
  readonly fault: Fault;
  readonly remedy: Remedy;

  constructor(
    code: ErrorCode,
    readonly detail = '',
    /** Milliseconds to wait before the remedy, as the server asks. */
    readonly retry = 0,
  ) {
    super(detail === '' ? code : `${code}: ${detail}`);
    const known = code === 'connection_lost' || code === 'closed_here' ? OWN[code] : rowNamed(code);
    this.code = code;
    this.fault = known.fault;
    this.remedy = known.remedy;
  }
}

/** The error that has `number` on the wire. One that this version does not know counts as `internal`. */
export function errorOf(number: number, detail: string, retry = 0): QuireError {
  return new QuireError(TABLE[number - 1]?.name ?? 'internal', detail, retry);
}

/** The error that a WebSocket close code stands for. */
export function errorOfClose(closeCode: number, reason: string): QuireError {
  const known = TABLE.find((each) => each.closeCode === closeCode);
  const code = known?.name ?? (isPermanent(closeCode) ? 'forbidden' : 'connection_lost');
  return new QuireError(code, reason);
}

/** Whether connecting again after a close with that code cannot help. */
export function isPermanent(closeCode: number): boolean {
  return closeCode >= 4400 && closeCode <= 4499;
}

/** The number of an error on the wire, and the close code it ends a connection with: for servers in tests. */
export function numberOf(code: ServerErrorCode): { readonly number: number; readonly closeCode: number } {
  return { number: TABLE.indexOf(rowNamed(code)) + 1, closeCode: rowNamed(code).closeCode };
}

function row<Name extends string>(name: Name, fault: Fault, remedy: Remedy, closeCode: number) {
  return { name, fault, remedy, closeCode };
}

function rowNamed(code: ServerErrorCode): (typeof TABLE)[number] {
  return TABLE.find((each) => each.name === code) as (typeof TABLE)[number];
}
