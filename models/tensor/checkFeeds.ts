/**
 * Checks what is fed to a program against its signature, so that a wrong feed is a sentence that names the input
 * rather than a fault deep in the runtime.
 */
import { EngineError } from '../../shared/errors.ts';
import { type HostTensor, type HostTensors, type Signature, sizeOf, type TensorSpec } from './program.ts';

const arrays = { float32: Float32Array, int32: Int32Array, bool: Uint8Array } as const;

/** @throws EngineError naming the input that is missing, unknown, or of another shape or type */
export function checkFeeds(inputs: Signature, feeds: HostTensors): void {
  for (const [name, spec] of Object.entries(inputs)) {
    const feed = feeds[name];
    if (!feed) throw new EngineError(`the input "${name}" is missing; feed ${described(spec)}`);
    checkFeed(name, spec, feed);
  }
  const unknown = Object.keys(feeds).find((name) => !Object.hasOwn(inputs, name));
  if (unknown !== undefined)
    throw new EngineError(`the program has no input "${unknown}"; it takes ${Object.keys(inputs).join(', ')}`);
}

function checkFeed(name: string, spec: TensorSpec, feed: HostTensor): void {
  const { shape, dtype = 'float32' } = spec;
  const fits =
    feed.dtype === dtype && feed.shape.length === shape.length && feed.shape.every((size, i) => size === shape[i]);
  if (!fits) throw new EngineError(`the input "${name}" is ${described(feed)}; feed ${described(spec)}`);
  if (!(feed.data instanceof arrays[dtype]) || feed.data.length !== sizeOf(shape))
    throw new EngineError(
      `the input "${name}" holds ${feed.data.length} values in a ${feed.data.constructor.name}; feed ${described(spec)}`,
    );
}

function described({ shape, dtype = 'float32' }: TensorSpec): string {
  return `${dtype} [${shape.join(', ')}]`;
}
