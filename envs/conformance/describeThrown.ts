/**
 * Says what was thrown, whatever it was. A plug-in may throw a string, `null`, a proxy, or an error whose message is a
 * getter that throws in turn; it may put a novel or a terminal's escape codes into the message. None of this may break
 * or disfigure a report: each function here returns short, plain text and never throws.
 */
const longest = 400;

/** What was thrown, in words: an error's message, or what the value is. */
export function describeThrown(thrown: unknown): string {
  try {
    if (thrown instanceof Error) return plainText(thrown.message) || plainText(thrown.name);
    if (typeof thrown === 'string') return `the string '${plainText(thrown)}'`;
    if (typeof thrown !== 'object' || thrown === null) return plainText(String(thrown));
    return `the object ${plainText(JSON.stringify(thrown))}`;
  } catch {
    return 'something that cannot be shown';
  }
}

/** Where an error came from, as `name (file:line)`: the first place in its stack that `isOurs` doesn't claim. */
export function placeOfThrow(thrown: unknown, isOurs: (frame: string) => boolean): string | undefined {
  try {
    if (!(thrown instanceof Error) || typeof thrown.stack !== 'string') return undefined;
    const frames = thrown.stack.split('\n').filter((line) => /^\s+at /.test(line));
    const frame = frames.find((line) => !isOurs(line) && !/\(?node:/.test(line));
    return frame && plainText(frame.trim().replace(/^at /, '').replace('file://', ''));
  } catch {
    return undefined;
  }
}

/** The text on one line, without control characters, cut where it becomes long. */
export function plainText(text: unknown): string {
  const line = String(text)
    .slice(0, 4 * longest)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed, colours of terminals first.
    .replace(/\u001b\[[0-9;]*[A-Za-z]/g, '')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim();
  return line.length > longest ? `${line.slice(0, longest)}…` : line;
}
