import type { DocumentType } from './document_type.js';

/** What takes one step back, or forth again. */
interface Step<Op> {
  /** Applies before `since`, which happened after it was noted. */
  operation: Op;
  /** What others changed since, composed; null: nothing. */
  since: Op | null;
}

/** Edits within so many milliseconds of each other are one step. */
const STEP_PAUSE = 700;
const STEPS_MAX = 500;
/** A step under more change by others than this is forgotten, and all before it. In bytes, about. */
const SINCE_WEIGHT_MAX = 1024 * 1024;

/**
 * Undo and redo of one's own edits only: others' changes stay, and steps are rebased over them when they are needed.
 * Pure: times are given.
 */
export class History<Content, Op> {
  private undos: Step<Op>[] = [];
  private redos: Step<Op>[] = [];
  private lastEditAt = -Infinity;

  constructor(private readonly type: DocumentType<Content, Op, unknown>) {}

  get canUndo(): boolean {
    return this.undos.length > 0;
  }

  get canRedo(): boolean {
    return this.redos.length > 0;
  }

  /** Notes an own edit, made at `now` in milliseconds. */
  note(op: Op, now: number): void {
    const inverse = this.type.invert(op);
    const joins = now - this.lastEditAt < STEP_PAUSE ? this.settled(this.undos) : null;
    this.push(this.undos, joins === null ? inverse : this.type.compose(inverse, joins));
    this.redos = [];
    this.lastEditAt = now;
  }

  /** The next edit is a step of its own. */
  endStep(): void {
    this.lastEditAt = -Infinity;
  }

  /** Notes a change that was not an own edit. */
  receive(op: Op): void {
    for (const steps of [this.undos, this.redos]) {
      const top = steps.at(-1);
      if (top === undefined) continue;
      top.since = top.since === null ? op : this.type.compose(top.since, op);
      if (this.type.weight(top.since) > SINCE_WEIGHT_MAX) steps.length = 0;
    }
  }

  /** The operation that takes the last own step back; null: there is none. It counts as done on `content`. */
  undo(content: Content): Op | null {
    return this.step(this.undos, this.redos, content);
  }

  /** The operation that takes the last undo back; null: there is none. It counts as done on `content`. */
  redo(content: Content): Op | null {
    return this.step(this.redos, this.undos, content);
  }

  private step(from: Step<Op>[], to: Step<Op>[], content: Content): Op | null {
    this.endStep();
    for (;;) {
      const settled = this.settled(from);
      if (settled === null) return null;
      // Where others have deleted all that it was about, there is nothing left of a step.
      if (this.type.isNothing(settled)) continue;
      const operation = this.type.invertible(settled, content);
      this.push(to, this.type.invert(operation));
      return operation;
    }
  }

  /** Takes the last step, rebased over what came since; that goes on to the step before it. */
  private settled(steps: Step<Op>[]): Op | null {
    const top = steps.pop();
    if (top === undefined) return null;
    if (top.since === null) return top.operation;
    const before = steps.at(-1);
    const since = this.type.transform(top.since, top.operation, 'right');
    if (before !== undefined) before.since = before.since === null ? since : this.type.compose(before.since, since);
    return this.type.transform(top.operation, top.since, 'left');
  }

  private push(steps: Step<Op>[], operation: Op): void {
    steps.push({ operation, since: null });
    if (steps.length > STEPS_MAX) steps.shift();
  }
}
