/**
 * Builds tensorflow.js's native binding against the libtensorflow of a current `tensorflow` wheel. The package itself
 * downloads release 2.9.1 of 2022, for CUDA 11.2, from a host that many networks block; the wheel lies on PyPI, holds
 * the same library with the C headers, and its C interface has stayed what the binding was written for. The binding
 * speaks Node-API, so that one build serves every Node.
 *
 * What is fetched and built lies in `.cache/tensorflow` and in the package's own `lib`, both outside the repository; a
 * wheel that is there is not fetched again.
 */
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { EngineError } from '../../shared/errors.ts';

export interface BindingOptions {
  /** The repository. */
  readonly root: string;
  /** Release of TensorFlow. */
  readonly version: string;
  /** Whether to fetch the wheel for NVIDIA's GPUs, with CUDA's libraries, instead of the one for the CPU alone. */
  readonly gpu: boolean;
  /** A Python with pip, of any release. */
  readonly python: string;
  /** A C++ compiler. */
  readonly compiler: string;
  /** Runs a command in the repository. @throws when it fails */
  readonly run: (command: string, args: readonly string[]) => Promise<void>;
  /** Told what is being done. */
  readonly note: (text: string) => void;
}

/** Python release whose wheel is fetched, whatever runs pip: the library inside is the same. */
const WHEEL_PYTHON = '3.11';

/** What the package asks of Node-API, the folder that it looks for its binding in. */
const NODE_API = 8;

const PACKAGE = 'node_modules/@tensorflow/tfjs-node-gpu';

/** Fetches what is missing and builds. @throws EngineError naming the step that failed and what it needs */
export async function buildTensorflowBinding(options: BindingOptions): Promise<void> {
  const { root, version, gpu } = options;
  const wheel = join(root, '.cache', 'tensorflow', `${version}${gpu ? '-gpu' : ''}`);
  if (!existsSync(join(root, PACKAGE, 'binding')))
    await step(options, 'installing @tensorflow/tfjs-node-gpu without its download', 'npm and its registry', () =>
      options.run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund']),
    );
  if (!existsSync(wheel))
    await step(options, `fetching TensorFlow ${version}`, `${options.python} with pip, and PyPI`, () =>
      fetchWheel(options, wheel),
    );
  await step(options, 'building the binding', `the C++ compiler ${options.compiler}`, () => compile(options, wheel));
}

async function step({ note }: BindingOptions, doing: string, needs: string, work: () => Promise<void>): Promise<void> {
  note(doing);
  try {
    await work();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new EngineError(`${doing} failed (${reason}); it needs ${needs}`, { cause: error });
  }
}

/** Unpacks the wheel under a temporary name first, so that a broken fetch leaves nothing that looks whole. */
async function fetchWheel({ version, gpu, python, run }: BindingOptions, wheel: string): Promise<void> {
  const partial = `${wheel}.tmp`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true });
  const how = ['--only-binary=:all:', '--python-version', WHEEL_PYTHON, '--no-compile', '--target', partial];
  // CUDA's libraries are packages of their own, which the library looks for beside itself.
  const what = gpu ? [`tensorflow[and-cuda]==${version}`] : ['--no-deps', `tensorflow-cpu==${version}`];
  await run(python, ['-m', 'pip', 'install', '--quiet', ...how, ...what]);
  await rename(partial, wheel);
}

async function compile({ root, compiler, run }: BindingOptions, wheel: string): Promise<void> {
  const library = join(wheel, 'tensorflow');
  const sources = join(root, PACKAGE, 'binding');
  const target = join(root, PACKAGE, 'lib', `napi-v${NODE_API}`);
  await mkdir(target, { recursive: true });
  await run(compiler, [
    ...['-O2', '-std=c++17', '-fPIC', '-shared', `-DNAPI_VERSION=${NODE_API}`],
    ...['-I', join(root, 'node_modules/node-api-headers/include'), '-I', join(library, 'include')],
    ...['tfjs_backend.cc', 'tfjs_binding.cc'].map((name) => join(sources, name)),
    ...['-o', join(target, 'tfjs_binding.node'), '-L', library],
    ...['-l:libtensorflow_cc.so.2', '-l:libtensorflow_framework.so.2'],
    // Relative, so that the repository may be moved.
    `-Wl,-rpath,$ORIGIN/${relative(target, library)}`,
  ]);
}
