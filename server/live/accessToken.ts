/**
 * The secret without which the server opens no socket: drawn anew for every process, unless whoever starts it has put one
 * of their own into the environment, so that a bookmark or another program knows it beforehand.
 */
import { randomBytes } from 'node:crypto';
import { UsageError } from '../../shared/errors.ts';

/** Letters of the shortest that is taken; drawn ones have 32. */
const LEAST = 16;

/**
 * The secret that was given as REVERIE_TOKEN, or a new one; an empty one counts as none.
 * @throws UsageError when it could be guessed, or does not go into an address as it is
 */
export function accessToken(given = ''): string {
  if (given === '') return randomBytes(24).toString('base64url');
  if (!/^[\w-]*$/.test(given))
    throw new UsageError(
      'REVERIE_TOKEN has characters that an address does not take; make it of letters, digits, - and _, or leave it out',
    );
  if (given.length < LEAST)
    throw new UsageError(
      `REVERIE_TOKEN has ${given.length} characters, which can be guessed; give it ${LEAST} or more, or leave it out`,
    );
  return given;
}
