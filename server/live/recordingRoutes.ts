/**
 * Recordings by HTTP: `GET /recordings` lists them, `GET /recordings/ID` gives one out as a file, `POST /recordings`
 * takes a file in. All of it needs what a socket needs: our Host, our Origin and the token. A body is read no further
 * than the longest recording that is taken.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { DataError } from '../../shared/errors.ts';
import type { LiveRecordings } from '../recording/liveRecordings.ts';
import { RECORDING_EXTENSION } from '../recording/recordingFile.ts';
import { MAX_UPLOAD_BYTES, type RecordingShelf } from '../recording/recordingShelf.ts';
import { type AdmissionConfig, refuseSocket } from './admission.ts';

const ROOT = '/recordings';

export interface RecordingRoutes {
  readonly address: URL;
  readonly admission: AdmissionConfig;
  /** Headers of every answer. */
  readonly headers: Readonly<Record<string, string>>;
  readonly recordings?: LiveRecordings;
  readonly shelf?: RecordingShelf;
  readonly onDefect: (error: unknown) => void;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** Whether a request is for recordings. */
export function isRecordingAddress({ pathname }: URL): boolean {
  return pathname === ROOT || pathname.startsWith(`${ROOT}/`);
}

/** Answers a request for recordings; never rejects. */
export async function answerRecordings(
  request: IncomingMessage,
  response: ServerResponse,
  routes: RecordingRoutes,
): Promise<void> {
  const { address, admission, onDefect } = routes;
  const refusal = refuseSocket(request.headers, address.searchParams, admission);
  try {
    if (refusal !== undefined) giveJson(response, routes, { status: refusal.status, body: said(refusal.reason) });
    else await obey(request, response, routes);
  } catch (error) {
    const known = error instanceof DataError;
    if (!known) onDefect(error);
    const message = known ? error.message : 'The server met a defect, which it has printed.';
    if (!response.headersSent) giveJson(response, routes, { status: known ? 422 : 500, body: said(message) });
  }
}

async function obey(request: IncomingMessage, response: ServerResponse, routes: RecordingRoutes): Promise<void> {
  const { shelf, recordings, address } = routes;
  if (shelf === undefined) {
    giveJson(response, routes, {
      status: 404,
      body: said('This server has no folder for recordings; start it with `--recordings` and one that can be written.'),
    });
    return;
  }
  const id = idOf(address);
  if (request.method === 'POST' && id === undefined) await takeIn(request, response, shelf, routes);
  else if (request.method !== 'GET')
    giveJson(response, routes, { status: 405, body: said('Only GET is answered here.') });
  else {
    // What has just been recorded may still be on its way to the disk.
    await recordings?.settled();
    if (id === undefined) giveJson(response, routes, { status: 200, body: { recordings: await shelf.list() } });
    else await giveOut(response, id, shelf, routes);
  }
}

async function giveOut(
  response: ServerResponse,
  id: string,
  shelf: RecordingShelf,
  { headers }: RecordingRoutes,
): Promise<void> {
  const body = await shelf.bytes(id);
  const name = `${id.replace(/[^A-Za-z0-9._-]/g, '-')}${RECORDING_EXTENSION}`;
  response.writeHead(200, {
    ...headers,
    'cache-control': 'no-store',
    'content-type': 'application/octet-stream',
    'content-disposition': `attachment; filename="${name}"`,
    'content-length': body.length,
  });
  response.end(body);
}

async function takeIn(
  request: IncomingMessage,
  response: ServerResponse,
  shelf: RecordingShelf,
  routes: RecordingRoutes,
): Promise<void> {
  const body = await bodyOf(request);
  if (body === undefined) {
    response.setHeader('connection', 'close');
    const message = `The file is too long: recordings of up to ${MAX_UPLOAD_BYTES >> 20} MiB can be opened here; replay longer ones with \`reverie replay\`.`;
    giveJson(response, routes, { status: 413, body: said(message) });
  } else giveJson(response, routes, { status: 201, body: { id: await shelf.keep(body) } });
}

/** The whole body, or nothing where it is too long; the rest of it is not read. */
function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let length = 0;
    const tooLong = Number(request.headers['content-length'] ?? 0) > MAX_UPLOAD_BYTES;
    if (tooLong) {
      resolve(undefined);
      return;
    }
    request.on('data', (part: Buffer) => {
      length += part.length;
      if (length > MAX_UPLOAD_BYTES) {
        request.pause();
        resolve(undefined);
      } else parts.push(part);
    });
    request.on('end', () => resolve(Buffer.concat(parts)));
    request.on('error', () => reject(new DataError('The file did not arrive whole; send it again.')));
  });
}

/** What follows `/recordings/`; what is no text is no id either. */
function idOf({ pathname }: URL): string | undefined {
  const rest = pathname.slice(ROOT.length + 1);
  if (rest === '') return undefined;
  try {
    return decodeURIComponent(rest);
  } catch {
    return '\0';
  }
}

function giveJson(response: ServerResponse, { headers }: RecordingRoutes, { status, body }: Answer): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    ...headers,
    'cache-control': 'no-store',
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}

function said(message: string): { readonly message: string } {
  return { message };
}
