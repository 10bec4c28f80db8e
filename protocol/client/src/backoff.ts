/** Milliseconds. */
const DELAY_MIN = 500;
const DELAY_MAX = 30_000;

/**
 * How long to wait before trying again: anything up to a ceiling that doubles from 0.5 s to 30 s, so that those who
 * lost one server at one moment do not come back at one moment.
 */
export class Backoff {
  private attempts = 0;

  /** `random` gives from 0 up to 1. */
  constructor(private readonly random: () => number) {}

  /** At least `asked`, which is what the server wants. */
  next(asked = 0): number {
    const ceiling = Math.min(DELAY_MAX, DELAY_MIN * 2 ** this.attempts);
    this.attempts = Math.min(this.attempts + 1, 16);
    return Math.max(asked, this.random() * ceiling);
  }

  reset(): void {
    this.attempts = 0;
  }
}
