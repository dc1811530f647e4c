/**
 * The long leak check: 10,000 runs and 200 compilations of a forward pass and a training step on one engine, with what
 * the process holds after each part. It ends with status 1 if tensors are left behind or if resident memory grew by
 * more than the allowance over the second half. Run it by hand, from the repository:
 *
 *   node --import tsx test/tensor/longLeakCheck.ts [cpu|worker]
 */
import * as tf from '@tensorflow/tfjs';
import { createCpuEngine } from '../../models/tensor/cpuEngine.ts';
import { createWorkerEngine } from '../../models/tensor/workerEngine.ts';
import { compileOften, type Held, held, runOften } from './leakProbe.ts';

const PARTS = 5;
const RUNS = 10_000;
const COMPILATIONS = 200;
/** Megabytes; the allocator and the collector move resident memory by a few dozen either way. */
const ALLOWANCE = 50;

tf.enableProdMode();
const engine = process.argv[2] === 'worker' ? createWorkerEngine({ threads: 1 }) : createCpuEngine({ threads: 1 });

/** Does the work in parts; says whether what is held stayed flat from the second part on. */
async function staysFlat(label: string, work: () => Promise<void>): Promise<boolean> {
  const history: Held[] = [];
  for (let part = 0; part < PARTS; part++) {
    await work();
    const now = await held();
    history.push(now);
    process.stdout.write(
      `${label} ${part + 1}/${PARTS}: ${now.megabytes.toFixed(0)} MB resident, ${now.tensors} tensors\n`,
    );
  }
  const [, second, ...later] = history as [Held, Held, ...Held[]];
  const last = later.at(-1) ?? second;
  return last.tensors === second.tensors && last.megabytes - second.megabytes < ALLOWANCE;
}

await runOften(engine, 100);
await compileOften(engine, 5);
const runs = await staysFlat(`${RUNS / PARTS} runs`, () => runOften(engine, RUNS / PARTS));
const compilations = await staysFlat(`${COMPILATIONS / PARTS} compilations`, () =>
  compileOften(engine, COMPILATIONS / PARTS),
);
await engine.dispose();
process.stdout.write(`runs ${runs ? 'flat' : 'GROW'}, compilations ${compilations ? 'flat' : 'GROW'}\n`);
process.exitCode = runs && compilations ? 0 : 1;
