/**
 * Work that whoever has other things to do meanwhile does in parts: a generator that rests after each, and ends with the
 * result.
 */
export type Parts<T> = Generator<void, T>;

/** Does all parts of a work, in its own time. */
export type DoInParts = <T>(work: Parts<T>) => Promise<T>;

/** Does all parts now. */
export function atOnce<T>(work: Parts<T>): T {
  for (;;) {
    const part = work.next();
    if (part.done) return part.value;
  }
}
