/** The addresses that a server prints are such as lead there, from this machine and from others. */
import type { NetworkInterfaceInfo } from 'node:os';
import { describe, expect, test } from 'vitest';
import { addressesOf } from '../../server/live/addresses.ts';
import { refusePage } from '../../server/live/admission.ts';

const token = 'a-secret-of-this-test';

function info(address: string, internal = false): NetworkInterfaceInfo {
  const common = { address, netmask: '', mac: '', internal, cidr: null };
  return address.includes(':') ? { ...common, family: 'IPv6', scopeid: 0 } : { ...common, family: 'IPv4' };
}

const interfaces = {
  lo: [info('127.0.0.1', true), info('::1', true)],
  eth0: [info('fe80::1'), info('2001:db8::7'), info('192.168.1.7'), info('192.168.1.8')],
  tunnel: [info('2001:db8::9')],
  asleep: undefined,
  lonely: [info('fe80::2')],
};
const of = (host: string) => addressesOf({ host, port: 7700, token }, interfaces);

describe('a server', () => {
  test.each([
    ['127.0.0.1', 'http://127.0.0.1:7700/'],
    ['localhost', 'http://localhost:7700/'],
    ['::1', 'http://[::1]:7700/'],
    ['192.168.1.7', `http://192.168.1.7:7700/?token=${token}`],
    ['lab.example', `http://lab.example:7700/?token=${token}`],
  ])('on %s is opened there', (host, address) => {
    expect(of(host)).toEqual([address]);
  });

  test('on all addresses is opened as localhost, and by one of each interface that others reach', () => {
    const names = (host: string) => of(host).map((address) => new URL(address).hostname);
    expect(names('0.0.0.0')).toEqual(['localhost', '192.168.1.7']);
    expect(names('::')).toEqual(['localhost', '192.168.1.7', '[2001:db8::9]']);
  });

  test.each(['0.0.0.0', '::'])('on %s admits whoever opens what it has printed', (host) => {
    for (const address of of(host)) {
      const { host: name, searchParams } = new URL(address);
      expect(refusePage({ host: name }, searchParams, { host, token })).toBeUndefined();
    }
  });
});
