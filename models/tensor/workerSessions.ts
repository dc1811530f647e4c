/**
 * Sessions in a worker thread, behind the same interface as local ones. Requests carry a number and are answered by
 * it. Feeds are copied across, so that the caller may go on using them; outputs are moved. If the worker dies,
 * everything that waits is refused, and so is all that comes later.
 */
import { EngineError } from '../../shared/errors.ts';
import { startWorker } from '../../shared/startWorker.ts';
import type { HostTensors, Signature } from './program.ts';
import type { Session, SessionHost, SessionOptions } from './sessionHost.ts';

/** What the worker is asked to do. */
export type SessionRequest =
  | { readonly do: 'open'; readonly session: number; readonly model: Uint8Array; readonly outputs: Signature }
  | { readonly do: 'run'; readonly session: number; readonly feeds: HostTensors }
  | { readonly do: 'release'; readonly session: number };

/** A request on its way, and its answer. */
export type NumberedRequest = SessionRequest & { readonly request: number };
export type SessionAnswer = { readonly request: number } & (
  | { readonly outputs: HostTensors }
  | { readonly refused: string }
);

interface Waiting {
  resolve(outputs: HostTensors): void;
  reject(error: EngineError): void;
}

/** Starts a worker thread and keeps sessions there. */
export function workerSessions(options: SessionOptions): SessionHost {
  const worker = startWorker(new URL('./sessionWorker.ts', import.meta.url), options);
  const waiting = new Map<number, Waiting>();
  let ended: EngineError | undefined;
  let requests = 0;
  let sessions = 0;

  const end = (error: EngineError) => {
    ended ??= error;
    for (const { reject } of waiting.values()) reject(ended);
    waiting.clear();
  };
  worker.on('message', (answer: SessionAnswer) => {
    const asker = waiting.get(answer.request);
    waiting.delete(answer.request);
    if (waiting.size === 0) worker.unref();
    if ('refused' in answer) asker?.reject(new EngineError(answer.refused));
    else asker?.resolve(answer.outputs);
  });
  worker.on('error', (error) => end(died(error.message)));
  worker.on('exit', (code) => end(died(`exit code ${code}`)));
  worker.unref();

  const ask = (request: SessionRequest): Promise<HostTensors> => {
    if (ended) return Promise.reject(ended);
    return new Promise((resolve, reject) => {
      const number = requests++;
      waiting.set(number, { resolve, reject });
      worker.ref();
      worker.postMessage({ ...request, request: number });
    });
  };

  return {
    async open({ model, outputs }): Promise<Session> {
      const session = sessions++;
      await ask({ do: 'open', session, model, outputs });
      return {
        run: (feeds) => ask({ do: 'run', session, feeds }),
        release: async () => {
          if (!ended) await ask({ do: 'release', session });
        },
      };
    },
    async dispose(): Promise<void> {
      end(new EngineError('the engine has been disposed of; create another one'));
      await worker.terminate();
    },
  };
}

function died(reason: string): EngineError {
  return new EngineError(`the engine's worker thread ended (${reason}); create the engine again`);
}
