/**
 * Requests by HTTP that are answered with JSON: who may ask, how much of a body is read, and how what went wrong is
 * said. All of it needs what a socket needs: our Host, our Origin and the token.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { DataError } from '../../shared/errors.ts';
import { type AdmissionConfig, refuseSocket } from './admission.ts';

/** What answering a request takes. */
export interface Asked {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly address: URL;
  /** Headers of every answer. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** Admits the request and lets it be answered; what is thrown becomes an answer too. Never rejects. */
export async function answerAdmitted(
  asked: Asked,
  admission: AdmissionConfig,
  onDefect: (error: unknown) => void,
  obey: () => Promise<void>,
): Promise<void> {
  const refusal = refuseSocket(asked.request.headers, asked.address.searchParams, admission);
  try {
    if (refusal !== undefined) giveJson(asked, { status: refusal.status, body: said(refusal.reason) });
    else await obey();
  } catch (error) {
    const known = error instanceof DataError;
    if (!known) onDefect(error);
    const message = known ? error.message : 'The server met a defect, which it has printed.';
    if (!asked.response.headersSent) giveJson(asked, { status: known ? 422 : 500, body: said(message) });
  }
}

export function giveJson({ response, headers }: Asked, { status, body }: Answer): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    ...headers,
    'cache-control': 'no-store',
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}

/** The body of an answer that is a sentence. */
export function said(message: string): { readonly message: string } {
  return { message };
}

/** The whole body, or nothing where it is longer than `most` bytes; the rest of it is not read. */
export function bodyOf({ request, response }: Asked, most: number): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let length = 0;
    const refuse = (): void => {
      response.setHeader('connection', 'close');
      resolve(undefined);
    };
    if (Number(request.headers['content-length'] ?? 0) > most) {
      refuse();
      return;
    }
    request.on('data', (part: Buffer) => {
      length += part.length;
      if (length > most) {
        request.pause();
        refuse();
      } else parts.push(part);
    });
    request.on('end', () => resolve(Buffer.concat(parts)));
    request.on('error', () => reject(new DataError('The request did not arrive whole; send it again.')));
  });
}

/** The parts of a path below its root, decoded; what is no text becomes a name that nothing has. */
export function pathBelow({ pathname }: URL, root: string): string[] {
  return pathname
    .slice(root.length + 1)
    .split('/')
    .filter((part) => part !== '')
    .map(decoded);
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return '\0';
  }
}
