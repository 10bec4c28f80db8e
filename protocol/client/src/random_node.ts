import { randomFillSync } from 'node:crypto';

/** Fills `octets` with random bits that nobody can guess. Node 18 has no global `crypto`. */
export function randomOctets(octets: Uint8Array): Uint8Array {
  return randomFillSync(octets);
}
