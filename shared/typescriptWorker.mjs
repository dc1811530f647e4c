/**
 * The first module of a worker thread that is written in TypeScript: teaches the thread to load it, then loads it. Node 20 ignores `--import` of a loader in a
 * worker's `execArgv`, so that this has to happen inside. Start it with `startWorker` (`startWorker.ts`), which says what to load.
 */
import { workerData } from 'node:worker_threads';
import { register } from 'tsx/esm/api';

register();
await import(workerData.module);
