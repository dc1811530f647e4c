/**
 * A state in 64 bits: the first eight bytes of the SHA-256 of its quantities, each as the eight bytes of its float64,
 * little-endian, in the order of the names. Equal hashes mean states that are equal to the bit, but for a chance of
 * 2⁻⁶⁴; 0 and -0 differ.
 */
import { createHash } from 'node:crypto';
import type { State } from '../../shared/world.ts';

/** Sixteen hexadecimal digits. */
export type StateHash = string;

/** Bytes of a hash. */
export const HASH_BYTES = 8;

/** The hash of the named quantities of a state; one that is missing counts as NaN. */
export function hashState(state: State, quantities: readonly string[]): StateHash {
  const bytes = Buffer.alloc(8 * quantities.length);
  for (const [i, name] of quantities.entries()) bytes.writeDoubleLE(state[name] ?? Number.NaN, 8 * i);
  return createHash('sha256').update(bytes).digest().toString('hex', 0, HASH_BYTES);
}
