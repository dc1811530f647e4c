/**
 * `npm run engine:tensorflow`: makes the engine `tensorflow` available on Linux, from PyPI and a C++ compiler
 * (`tensorflowBinding.ts`), and tries it.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { EngineError, ReverieError } from '../../shared/errors.ts';
import { buildTensorflowBinding } from './tensorflowBinding.ts';

const VERSION = '2.21.0';

const root = fileURLToPath(new URL('../../', import.meta.url));

async function run(command: string, args: readonly string[]): Promise<void> {
  const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  const [code, signal] = await once(child, 'close');
  if (code !== 0) throw new Error(`${command} ended with ${signal ?? `status ${code}`}`);
}

/** Which release of the library answers, and on what. */
async function tried(): Promise<string> {
  const { loadTensorflow } = await import('../../models/tensor/eagerBackends.ts');
  const { backend, gpu } = await loadTensorflow();
  return `the engine ${backend} is ready, on the ${gpu ? 'GPU' : 'CPU'}`;
}

interface Options {
  readonly version: string;
  readonly gpu: boolean;
  readonly python: string;
  readonly compiler: string;
}

const program = new Command('npm run engine:tensorflow --')
  .description("build tensorflow.js's native binding against a current libtensorflow")
  .option('--version <release>', 'release of TensorFlow', VERSION)
  .option('--gpu', "with CUDA's libraries, for NVIDIA's GPUs: several gigabytes", false)
  .option('--python <interpreter>', 'a Python with pip', 'python3')
  .option('--compiler <compiler>', 'a C++ compiler', process.env.CXX ?? 'c++')
  .action(async (options: Options) => {
    const note = (text: string) => process.stderr.write(`${text}\n`);
    if (process.platform !== 'linux')
      throw new EngineError(
        `this build is for Linux, not ${process.platform}; run "npm install @tensorflow/tfjs-node" instead`,
      );
    await buildTensorflowBinding({ root, ...options, run, note });
    note(await tried());
  });

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof ReverieError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = error.exitCode;
}
