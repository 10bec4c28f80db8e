/** A small seeded generator of random numbers (mulberry32): the same seed gives the same cases everywhere. */
export class Random {
  constructor(seed) {
    this.state = seed >>> 0;
  }

  /** A whole number from 0 to below `end`. */
  below(end) {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = this.state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296) * end);
  }

  pick(list) {
    return list[this.below(list.length)];
  }

  /** `count` values of `make`. */
  list(count, make) {
    return Array.from({ length: count }, make);
  }
}

/** The seed of one case of a run, so that it can be made again alone. */
export function caseSeed(seed, index) {
  return Math.imul(seed ^ Math.imul(index + 1, 0x9e3779b1), 0x85ebca6b) >>> 0;
}
