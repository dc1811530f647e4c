/**
 * Who may speak to the server. Any web page that a person visits can send requests to their own machine, so that being
 * on loopback is no protection: the `Host` must be a name that the server goes by (against DNS rebinding), the `Origin`
 * of a socket must be the server itself (against cross-site WebSocket hijacking, CVE-2025-24010), and opening one takes
 * a secret that only the server's own page was given. Where the server listens beyond loopback, the page itself takes
 * the secret too.
 */
import { timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';

/** Why a request is turned away. */
export interface Refusal {
  readonly status: 401 | 403 | 404 | 503;
  readonly reason: string;
}

export interface AdmissionConfig {
  /** The address that the server was asked to listen on. */
  readonly host: string;
  readonly token: string;
}

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];
const ANY_ADDRESS = ['0.0.0.0', '::'];

/** Whether the host is this machine alone. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.includes(bracketed(host));
}

/** Whether the host stands for all addresses of this machine. */
export function isAnyAddress(host: string): boolean {
  return ANY_ADDRESS.includes(unbracketed(host));
}

/** Why the page may not be given to a request, if it may not. */
export function refusePage(
  headers: IncomingHttpHeaders,
  query: URLSearchParams,
  config: AdmissionConfig,
): Refusal | undefined {
  const refusal = refuseHost(headers, config);
  if (refusal !== undefined || isLoopback(config.host)) return refusal;
  return refuseToken(query, config, 'Open the address that the server printed, with its token.');
}

/** Why a socket may not be opened, or recordings and trainings not be had, if they may not. A program other than a browser sends no `Origin`. */
export function refuseSocket(
  headers: IncomingHttpHeaders,
  query: URLSearchParams,
  config: AdmissionConfig,
): Refusal | undefined {
  const refusal = refuseHost(headers, config);
  if (refusal !== undefined) return refusal;
  if (headers.origin !== undefined && hostOf(headers.origin) !== headers.host)
    return { status: 403, reason: 'Sockets, recordings and trainings are open to the page of this server only.' };
  return refuseToken(query, config, 'The token is missing or old; reload the page.');
}

/** Why the request's `Host` is not us, if it is not. */
export function refuseHost({ host }: IncomingHttpHeaders, config: AdmissionConfig): Refusal | undefined {
  const name = hostOf(`http://${host ?? ''}`) === undefined ? undefined : new URL(`http://${host}`).hostname;
  if (name !== undefined && goesBy(name, bracketed(config.host))) return undefined;
  const reason = isAnyAddress(config.host)
    ? "The server goes by no name: open it by its machine's IP address, as it printed it, with its token."
    : 'The server does not go by this name; open the address that it printed.';
  return { status: 403, reason };
}

/** A server on all addresses goes by any of them: a rebound DNS name is never a literal address. */
function goesBy(name: string, host: string): boolean {
  if (LOOPBACK.includes(name) || name === host.toLowerCase()) return true;
  return isAnyAddress(host) && isIP(unbracketed(name)) !== 0;
}

function refuseToken(query: URLSearchParams, { token }: AdmissionConfig, reason: string): Refusal | undefined {
  const given = Buffer.from(query.get('token') ?? '');
  const wanted = Buffer.from(token);
  const right = wanted.length > 0 && given.length === wanted.length && timingSafeEqual(given, wanted);
  return right ? undefined : { status: 401, reason };
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}

function bracketed(host: string): string {
  return isIP(host) === 6 ? `[${host}]` : host;
}

function unbracketed(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1');
}
