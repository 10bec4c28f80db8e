/** Fills `octets` with random bits that nobody can guess. */
export function randomOctets(octets: Uint8Array): Uint8Array {
  return globalThis.crypto.getRandomValues(octets);
}
