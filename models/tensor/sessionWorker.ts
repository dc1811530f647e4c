/**
 * The worker thread of `workerSessions.ts`: keeps sessions by number and answers requests in the order of their
 * arrival. A request that was aborted before its turn is answered without being carried out.
 */
import { parentPort, type Transferable, workerData } from 'node:worker_threads';
import type { WorkerStart } from '../../shared/startWorker.ts';
import type { HostTensors } from './program.ts';
import { localSessions, type Session, type SessionOptions } from './sessionHost.ts';
import type { NumberedRequest, SessionAnswer } from './workerLink.ts';

const host = localSessions((workerData as WorkerStart<SessionOptions>).data);
const sessions = new Map<number, Session>();

async function carryOut(request: NumberedRequest): Promise<HostTensors> {
  if (request.aborted && Atomics.load(request.aborted, 0) !== 0) throw new Error('the run was aborted');
  if (request.do === 'open') {
    sessions.set(request.session, await host.open(request));
    return {};
  }
  const session = sessions.get(request.session);
  if (!session) throw new Error(`there is no session ${request.session}`);
  if (request.do === 'run') return session.run(request.feeds);
  sessions.delete(request.session);
  await session.release();
  return {};
}

function answer(reply: SessionAnswer): void {
  const moved = 'outputs' in reply ? Object.values(reply.outputs).map(({ data }) => data.buffer as Transferable) : [];
  parentPort?.postMessage(reply, moved);
}

let last = Promise.resolve();
parentPort?.on('message', (request: NumberedRequest) => {
  last = last.then(() =>
    carryOut(request).then(
      (outputs) => answer({ request: request.request, outputs }),
      (error: unknown) => answer({ request: request.request, refused: String((error as Error).message ?? error) }),
    ),
  );
});
