/**
 * A process of its own that runs one small product on a provider, and says on standard error why it cannot. Used by
 * `engines.ts`.
 */
import * as tf from '@tensorflow/tfjs';
import { createCompiledEngine } from './compiledEngine.ts';
import { float32, sizeOf } from './program.ts';
import { localSessions, type SessionOptions } from './sessionHost.ts';

const provider = process.argv[2] as SessionOptions['provider'];
const shape = [8, 8];

try {
  const engine = createCompiledEngine(provider, localSessions({ provider }));
  const program = await engine.compile(({ a }) => ({ b: tf.matMul(a as tf.Tensor, a as tf.Tensor) }), { a: { shape } });
  const { b } = await program.run({ a: float32(1, shape) });
  const correct = b?.data.length === sizeOf(shape) && b.data.every((value) => value === shape[0]);
  if (!correct) process.stderr.write(`the ${provider} provider computes wrong products\n`);
  process.exit(correct ? 0 : 1);
} catch (error) {
  const [line = ''] = String((error as Error).message).split('\n');
  process.stderr.write(`${line.split(' was false. ').at(-1)}\n`); // without the runtime's own source position
  process.exit(1);
}
