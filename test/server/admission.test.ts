import type { IncomingHttpHeaders } from 'node:http';
import { describe, expect, test } from 'vitest';
import { refusePage, refuseSocket } from '../../server/live/admission.ts';

const token = 'secret';
const local = { host: '127.0.0.1', token };
const everywhere = { host: '0.0.0.0', token };
const withToken = new URLSearchParams({ token });
const without = new URLSearchParams();

const page = (host: string | undefined, config = local, query = without) => refusePage({ host }, query, config)?.status;
const socket = (headers: IncomingHttpHeaders, query = withToken) => refuseSocket(headers, query, local)?.status;

describe('the page', () => {
  test.each(['127.0.0.1:7700', 'localhost:7700', '[::1]:7700', 'LOCALHOST'])('is given to %s', (host) => {
    expect(page(host)).toBeUndefined();
  });

  test.each([
    'evil.example',
    'localhost.evil.example:7700',
    '127.0.0.1.evil.example',
    '10.0.0.1',
    '',
    undefined,
    'a b',
  ])('is refused to a Host of %s', (host) => {
    expect(page(host)).toBe(403);
  });

  test('beyond loopback is given to any literal address with the token, and to no other name', () => {
    expect(page('192.168.1.7:7700', everywhere, withToken)).toBeUndefined();
    expect(page('[fe80::1]:7700', everywhere, withToken)).toBeUndefined();
    expect(page('192.168.1.7:7700', everywhere)).toBe(401);
    expect(page('127.0.0.1:7700', everywhere)).toBe(401);
    expect(page('rebound.example:7700', everywhere, withToken)).toBe(403);
  });

  test('beyond loopback says by what it can be opened to whoever tries a name', () => {
    const reason = refusePage({ host: 'lab-pc:7700' }, withToken, everywhere)?.reason;
    expect(reason).toContain("by its machine's IP address");
  });

  test('is given under the name that the server was told to listen on', () => {
    const config = { host: 'lab.example', token };
    expect(page('lab.example:7700', config, withToken)).toBeUndefined();
    expect(page('other.example:7700', config, withToken)).toBe(403);
  });
});

describe('a socket', () => {
  const host = '127.0.0.1:7700';

  test('opens for the page itself and for programs without an origin', () => {
    expect(socket({ host, origin: `http://${host}` })).toBeUndefined();
    expect(socket({ host })).toBeUndefined();
  });

  test.each(['http://evil.example', 'http://127.0.0.1:8080', 'http://localhost:7700', 'null', ''])(
    'is refused to a page of origin "%s"',
    (origin) => {
      expect(socket({ host, origin })).toBe(403);
    },
  );

  test.each(['', 'wrong!', 'secre', 'secret ', 'sécret'])('is refused with the token "%s"', (given) => {
    expect(socket({ host }, new URLSearchParams({ token: given }))).toBe(401);
  });

  test('is refused to everybody where there is no token', () => {
    for (const query of [without, new URLSearchParams({ token: '' })])
      expect(refuseSocket({ host }, query, { ...local, token: '' })?.status).toBe(401);
  });

  test('is refused without a token, and under another name', () => {
    expect(socket({ host }, without)).toBe(401);
    expect(socket({ host: 'evil.example', origin: 'http://evil.example' })).toBe(403);
  });
});
