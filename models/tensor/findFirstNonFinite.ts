/**
 * Where a NaN or an infinity came from. The function is traced and run once more with an eye on every intermediate
 * value; then the way is followed back from the outputs that are not finite, through the values that are not finite, to
 * operations that made one from finite inputs. Of these the earliest is the answer. What is not finite but was masked
 * away, as by `where`, lies on no such way and is not blamed.
 */
import onnxProto, { type onnx as Onnx } from 'onnx-proto';
import { checkFeeds } from './checkFeeds.ts';
import { inputName, outputName } from './graphBuilder.ts';
import { type HostTensor, type HostTensors, type Signature, sizeOf, type TensorFunction } from './program.ts';
import { traceFunction } from './tracingBackend.ts';
import { nonFiniteValues, type WatchedValue, watchedValues } from './watchedRun.ts';

const { onnx } = onnxProto;

/** Values in numbers. */
export interface ValueSummary {
  /** What it is: `the input "x"`, `a constant`, or `the result of` a kernel. */
  readonly name: string;
  readonly shape: readonly number[];
  /** Smallest and largest value; NaNs apart. */
  readonly low: number;
  readonly high: number;
  readonly nan: number;
  readonly infinite: number;
}

/** What made the first value that is not finite: an operation, or the input that already held it. */
export type NonFinite =
  | { readonly kind: 'input'; readonly input: ValueSummary }
  | {
      readonly kind: 'operation';
      /** Name of the tensorflow.js kernel. */
      readonly kernel: string;
      /** Operator of ONNX that the kernel uses here. */
      readonly operator: string;
      /** Its place among all operations of the graph, from 1, and their number. */
      readonly position: number;
      readonly operations: number;
      readonly result: ValueSummary;
      readonly inputs: readonly ValueSummary[];
    };

/**
 * What made the function's outputs not finite on these feeds; undefined if they are finite.
 * @throws EngineError as `compile` and `run` do
 */
export async function findFirstNonFinite(
  fn: TensorFunction,
  signature: Signature,
  feeds: HostTensors,
): Promise<NonFinite | undefined> {
  checkFeeds(signature, feeds);
  const traced = traceFunction(fn, signature);
  const live = Object.fromEntries(traced.inputs.map((name) => [name, feeds[name] as HostTensor]));
  const model = onnx.ModelProto.decode(traced.model);
  const nodes = model.graph?.node ?? [];
  const badInputs = Object.keys(live).filter((name) => live[name]?.data.some((value) => !Number.isFinite(value)));
  const bad = new Set([...(await nonFiniteValues(model, live)), ...badInputs.map(inputName)]);
  const sources = sourcesOf(Object.keys(traced.outputs).map(outputName), nodes, bad);
  const input = badInputs.find((name) => sources.inputs.has(inputName(name)));
  if (input !== undefined)
    return { kind: 'input', input: summaryOf(`the input "${input}"`, live[input] as HostTensor) };
  const at = nodes.findIndex((node) => sources.nodes.has(node));
  return at < 0 ? undefined : { kind: 'operation', ...(await operationAt(at, model, bad, live)) };
}

/** One sentence, without its full stop. */
export function describeNonFinite(found: NonFinite): string {
  if (found.kind === 'input') return `${found.input.name} holds ${counted(found.input)}`;
  const { kernel, operator, position, operations, result, inputs } = found;
  const name = kernel === operator ? kernel : `${kernel} (${operator})`;
  const ranges = inputs.map(({ name, shape, low, high }) => `${name} [${shape.join(', ')}] from ${low} to ${high}`);
  return `${name}, operation ${position} of ${operations}, made ${counted(result)} from ${ranges.join(' and ')}`;
}

/** The ends of all ways from bad outputs through bad values: inputs of the graph, and nodes without a bad input. */
function sourcesOf(
  outputs: readonly string[],
  nodes: readonly Onnx.INodeProto[],
  bad: ReadonlySet<string>,
): { readonly inputs: ReadonlySet<string>; readonly nodes: ReadonlySet<Onnx.INodeProto> } {
  const producers = new Map(nodes.flatMap((node) => (node.output ?? []).map((name) => [name, node] as const)));
  const sources = { inputs: new Set<string>(), nodes: new Set<Onnx.INodeProto>() };
  const seen = new Set<string>();
  const waiting = outputs.filter((name) => bad.has(name));
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    const producer = producers.get(name);
    const before = producer?.input?.filter((input) => bad.has(input)) ?? [];
    if (!producer) sources.inputs.add(name);
    else if (before.length === 0) sources.nodes.add(producer);
    waiting.push(...before);
  }
  return sources;
}

/** What is to be said of the node at a place, with its inputs' ranges from one more run. */
async function operationAt(at: number, model: Onnx.ModelProto, bad: ReadonlySet<string>, feeds: HostTensors) {
  const nodes = model.graph?.node ?? [];
  const node = nodes[at] as Onnx.INodeProto;
  const inputs = [...new Set(node.input?.filter((name) => name !== ''))];
  const result = node.output?.find((name) => bad.has(name)) as string;
  const values = await watchedValues(model, [...inputs, result], feeds);
  const summaries = [...inputs, result].map((name, i) => summaryOf(titleOf(name, nodes), values[i] as WatchedValue));
  return {
    kernel: kernelOf(node) || (node.opType ?? ''),
    operator: node.opType ?? '',
    position: at + 1,
    operations: nodes.length,
    inputs: summaries.slice(0, -1),
    result: summaries.at(-1) as ValueSummary,
  };
}

/** What a value of the graph is for a reader. */
function titleOf(name: string, nodes: readonly Onnx.INodeProto[]): string {
  if (name.startsWith(inputName(''))) return `the input "${name.slice(inputName('').length)}"`;
  const producer = nodes.find((node) => node.output?.includes(name));
  return producer ? `the result of ${kernelOf(producer) || producer.opType}` : 'a constant';
}

/** Nodes are named `kernel/value`. */
function kernelOf(node: Onnx.INodeProto): string {
  return (node.name ?? '').split('/')[0] ?? '';
}

function summaryOf(name: string, { shape, data }: { shape: readonly number[]; data: ArrayLike<number> }): ValueSummary {
  const summary = { name, shape, low: Number.POSITIVE_INFINITY, high: Number.NEGATIVE_INFINITY, nan: 0, infinite: 0 };
  for (let i = 0; i < data.length; i++) {
    const value = data[i] as number;
    if (Number.isNaN(value)) {
      summary.nan++;
      continue;
    }
    if (!Number.isFinite(value)) summary.infinite++;
    summary.low = Math.min(summary.low, value);
    summary.high = Math.max(summary.high, value);
  }
  return summary;
}

function counted({ nan, infinite, shape }: ValueSummary): string {
  const parts = [nan > 0 && `${nan} NaN`, infinite > 0 && `${infinite} infinite`].filter((part) => part !== false);
  return `${parts.join(' and ')} of ${sizeOf(shape)} values [${shape.join(', ')}]`;
}
