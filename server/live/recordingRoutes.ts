/**
 * Recordings by HTTP: `GET /recordings` lists them, `GET /recordings/ID` gives one out as a file, `POST /recordings`
 * takes a file in. A body is read no further than the longest recording that is taken.
 */
import { DataError } from '../../shared/errors.ts';
import type { LiveRecordings } from '../recording/liveRecordings.ts';
import { RECORDING_EXTENSION } from '../recording/recordingFile.ts';
import { MAX_UPLOAD_BYTES, type RecordingShelf } from '../recording/recordingShelf.ts';
import type { AdmissionConfig } from './admission.ts';
import { type Asked, answerAdmitted, bodyOf, giveJson, pathBelow, said } from './jsonAnswers.ts';
import { NO_RECORDINGS } from './noRecordings.ts';
import type { SpareTime } from './spareTime.ts';

const ROOT = '/recordings';

export interface RecordingRoutes extends Asked {
  readonly admission: AdmissionConfig;
  readonly recordings?: LiveRecordings;
  readonly shelf?: RecordingShelf;
  readonly spareTime: SpareTime;
  readonly onDefect: (error: unknown) => void;
}

/** Whether a request is for recordings. */
export function isRecordingAddress({ pathname }: URL): boolean {
  return pathname === ROOT || pathname.startsWith(`${ROOT}/`);
}

/** Answers a request for recordings; never rejects. */
export function answerRecordings(routes: RecordingRoutes): Promise<void> {
  return answerAdmitted(routes, routes.admission, routes.onDefect, () => obey(routes));
}

async function obey(routes: RecordingRoutes): Promise<void> {
  const { shelf, recordings, address, request } = routes;
  if (shelf === undefined) {
    giveJson(routes, {
      status: 404,
      body: said(NO_RECORDINGS),
    });
    return;
  }
  const id = pathBelow(address, ROOT).join('/') || undefined;
  if (request.method === 'POST' && id === undefined) await takeIn(routes, shelf);
  else if (request.method !== 'GET') giveJson(routes, { status: 405, body: said('Only GET is answered here.') });
  else {
    // What has just been recorded may still be on its way to the disk.
    await recordings?.settled();
    if (id === undefined) giveJson(routes, { status: 200, body: { recordings: await shelf.list() } });
    else await giveOut(routes, id, shelf);
  }
}

async function giveOut({ response, headers }: Asked, id: string, shelf: RecordingShelf): Promise<void> {
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

/** Reads what is sent in the thread's spare time, as long as whoever sends it waits. */
async function takeIn(routes: RecordingRoutes, shelf: RecordingShelf): Promise<void> {
  const gone = new AbortController();
  routes.response.once('close', () => gone.abort(new DataError('Whoever sent the recording did not wait for it.')));
  const body = await bodyOf(routes, MAX_UPLOAD_BYTES);
  if (body === undefined) {
    const message = `The file is too long: recordings of up to ${MAX_UPLOAD_BYTES >> 20} MiB can be opened here; replay longer ones with \`reverie replay\`.`;
    giveJson(routes, { status: 413, body: said(message) });
    return;
  }
  const id = await shelf.keep(body, (work) => routes.spareTime.run(work, gone.signal));
  giveJson(routes, { status: 201, body: { id } });
}
