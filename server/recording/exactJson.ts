/**
 * JSON that gives back every number to the bit. `JSON.stringify` writes finite numbers exactly but turns -0 into 0 and
 * what is not finite into null; here these four become strings, and `exactNumber` reads both forms.
 */
import { z } from 'zod';

/** A number, or the name of one that JSON has no way to write. */
export const exactNumber = z.union([
  z.number(),
  z.enum(['-0', 'NaN', 'Infinity', '-Infinity']).transform((name) => Number(name)),
]);

/** The value as one line of JSON. */
export function exactJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => (typeof part === 'number' ? writable(part) : part));
}

function writable(value: number): number | string {
  if (Object.is(value, -0)) return '-0';
  return Number.isFinite(value) ? value : String(value);
}
