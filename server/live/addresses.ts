/**
 * Where a server can be opened. One that listens on every address of its machine is reached here as `localhost` and from
 * elsewhere by what each interface is called in its network; `0.0.0.0` itself leads nobody there. Beyond loopback an
 * address carries the token, without which the page is not given out.
 */
import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os';
import { isAnyAddress, isLoopback } from './admission.ts';

/** As the system lists them: each interface's addresses by its name. */
export type Interfaces = Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>;

/** The addresses to open, that of this machine first. */
export function addressesOf(
  { host, port, token }: { readonly host: string; readonly port: number; readonly token: string },
  interfaces: Interfaces = networkInterfaces(),
): readonly [string, ...string[]] {
  const secret = isLoopback(host) ? '' : `?token=${token}`;
  const address = (name: string): string => `http://${name.includes(':') ? `[${name}]` : name}:${port}/${secret}`;
  if (!isAnyAddress(host)) return [address(host)];
  return [address('localhost'), ...externalOf(interfaces, host === '0.0.0.0').map(address)];
}

/** One for each interface: of IPv4 where it has one, since people may have to type it. */
function externalOf(interfaces: Interfaces, onlyIPv4: boolean): string[] {
  return Object.values(interfaces).flatMap((infos = []) => {
    const outside = infos.filter(({ internal, address }) => !internal && !isLinkLocal(address));
    const found =
      outside.find(({ family }) => family === 'IPv4') ??
      (onlyIPv4 ? undefined : outside.find(({ family }) => family === 'IPv6'));
    return found ? [found.address] : [];
  });
}

/** What needs the name of an interface beside it, which differs from machine to machine. */
function isLinkLocal(address: string): boolean {
  return /^fe[89ab]/i.test(address);
}
