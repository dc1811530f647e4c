/** The secret of a server: never none, never one that is easily guessed, and on the page as it was given. */
import { expect, test } from 'vitest';
import { accessToken } from '../../server/live/accessToken.ts';
import { withToken } from '../../server/live/pageFiles.ts';
import { UsageError } from '../../shared/errors.ts';

test.each([undefined, ''])('a new one is drawn where %j is given', (given) => {
  const [first, second] = [accessToken(given), accessToken(given)];
  expect(first).toMatch(/^[\w-]{32}$/);
  expect(second).not.toBe(first);
});

test('one that is long enough is taken', () => {
  expect(accessToken('of-letters_and-42')).toBe('of-letters_and-42');
});

test.each([
  ['secret', 'has 6 characters, which can be guessed; give it 16 or more'],
  ['fifteen-letters', 'has 15 characters'],
  ['with a space and more', 'characters that an address does not take'],
  ['with&ampersands=and?more', 'characters that an address does not take'],
  ['sécret-of-sixteen-and-more', 'characters that an address does not take'],
])('"%s" is refused', (given, says) => {
  expect(() => accessToken(given)).toThrow(UsageError);
  expect(() => accessToken(given)).toThrow(says);
});

test('the page carries it as it is, also where a replacement would take it for a pattern', () => {
  const page = String(withToken(Buffer.from('<html><head></head></html>'), "$&-$'-$$"));
  expect(page).toBe(`<html><head>\n    <meta name="reverie-token" content="$&-$'-$$" /></head></html>`);
});
