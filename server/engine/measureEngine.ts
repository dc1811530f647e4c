/**
 * A process of its own that times the workload by which `auto` chooses: a training step of a small transformer and a
 * forward pass of a U-Net on one frame, the two things that Reverie's networks do. Prints milliseconds.
 */
import { performance } from 'node:perf_hooks';
import { createEngine } from '../../models/tensor/engines.ts';
import { dit } from '../bench/engine/dit.ts';
import { prepareForward, prepareTraining, type Repeatable } from '../bench/engine/referenceSteps.ts';
import { unet } from '../bench/engine/unet.ts';

/** Of which the fastest counts: what else the machine does can only slow a run down. */
const RUNS = 5;

async function fastest(work: Repeatable): Promise<number> {
  await work.run(); // what the first run allocates and compiles is not the engine's speed
  const times: number[] = [];
  for (let i = 0; i < RUNS; i++) {
    const began = performance.now();
    await work.run();
    times.push(performance.now() - began);
  }
  await work.dispose();
  return Math.min(...times);
}

try {
  const engine = await createEngine(process.argv[2] ?? 'cpu');
  const training = await fastest(await prepareTraining(engine, dit, 16));
  const forward = await fastest(await prepareForward(engine, unet, 1));
  await engine.dispose();
  process.stdout.write(`${training + forward}\n`);
  process.exit(0); // some drivers keep threads
} catch (error) {
  const [line] = String((error as Error).message).split('\n');
  process.stderr.write(`${line}\n`);
  process.exit(1);
}
