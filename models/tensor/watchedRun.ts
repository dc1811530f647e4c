/**
 * Looks inside a graph while it runs. `nonFiniteValues` says which of all intermediate values hold a NaN or an
 * infinity; each value is reduced inside the graph to one number, `sum(0 · v)`, which is 0 for finite values and NaN
 * for others, so that no more memory is needed than for a run. `watchedValues` then brings out a few values whole.
 * Nothing is optimised here, so that what is looked at is what the function says. Runs on the CPU, whatever the
 * function ran on.
 */
import onnxProto, { type onnx as Onnx } from 'onnx-proto';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { nativeCall } from '../../shared/nativeCalls.ts';
import { bytesOf, elementTypes, inputName } from './graphBuilder.ts';
import type { HostTensors } from './program.ts';

const { onnx } = onnxProto;

const ZERO = 'watch:zero';

/** A value of a graph as it was in a run. */
export interface WatchedValue {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Names of the nodes' outputs that are not finite throughout. */
export async function nonFiniteValues(model: Onnx.ModelProto, feeds: HostTensors): Promise<ReadonlySet<string>> {
  const names = (model.graph?.node ?? []).flatMap((node) => (node.output ?? []).filter((name) => name !== ''));
  const nodes = names.flatMap((name, i) => [
    cast(name, `watch:real${i}`),
    { opType: 'Mul', input: [`watch:real${i}`, ZERO], output: [`watch:product${i}`] },
    { opType: 'ReduceSum', input: [`watch:product${i}`], output: [`watch:${i}`], attribute: [dropAxes] },
  ]);
  const results = await run(model, nodes, names.length, feeds);
  return new Set(names.filter((_, i) => Number.isNaN(results[i]?.data[0])));
}

/** Values by name, as float32 whatever their type: results of nodes, inputs of the graph or constants. */
export function watchedValues(
  model: Onnx.ModelProto,
  names: readonly string[],
  feeds: HostTensors,
): Promise<readonly WatchedValue[]> {
  const nodes = names.map((name, i) => cast(name, `watch:${i}`));
  return run(model, nodes, names.length, feeds);
}

const dropAxes: Onnx.IAttributeProto = { name: 'keepdims', type: onnx.AttributeProto.AttributeType.INT, i: 0 };

function cast(input: string, output: string): Onnx.INodeProto {
  const to = { name: 'to', type: onnx.AttributeProto.AttributeType.INT, i: elementTypes.float32 };
  return { opType: 'Cast', input: [input], output: [output], attribute: [to] };
}

/** Runs the model with nodes after its own and nothing but `watch:0`, `watch:1`, … for outputs. */
function run(
  model: Onnx.ModelProto,
  nodes: readonly Onnx.INodeProto[],
  outputs: number,
  feeds: HostTensors,
): Promise<readonly WatchedValue[]> {
  const { graph } = model;
  const names = Array.from({ length: outputs }, (_, i) => `watch:${i}`);
  const zero = { name: ZERO, dataType: elementTypes.float32, dims: [], rawData: bytesOf([0], 'float32') };
  const watched = onnx.ModelProto.create({
    irVersion: model.irVersion,
    opsetImport: model.opsetImport,
    graph: {
      name: 'watched',
      input: graph?.input ?? [],
      initializer: [...(graph?.initializer ?? []), zero],
      node: [...(graph?.node ?? []), ...nodes],
      output: names.map((name) => ({ name, type: { tensorType: { elemType: elementTypes.float32 } } })),
    },
  });
  return nativeCall(() => valuesOf(watched, names, feeds));
}

async function valuesOf(
  model: Onnx.ModelProto,
  names: readonly string[],
  feeds: HostTensors,
): Promise<readonly WatchedValue[]> {
  const session = await InferenceSession.create(onnx.ModelProto.encode(model).finish(), {
    executionProviders: ['cpu'],
    graphOptimizationLevel: 'disabled',
    logSeverityLevel: 3,
  });
  try {
    const tensors = Object.entries(feeds).map(([name, { data, dtype, shape }]): [string, Tensor] => [
      inputName(name),
      new Tensor(dtype, data, shape),
    ]);
    const results = await session.run(Object.fromEntries(tensors));
    return names.map((name) => {
      const { dims, data } = results[name] as Tensor;
      return { shape: dims, data: data as Float32Array };
    });
  } finally {
    await session.release();
  }
}
