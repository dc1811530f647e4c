/**
 * A graph for batches of any size, made from two traces of the same function at two sizes. Both have the same nodes;
 * where a reshape's target differs, the entry that grew with the batch becomes −1, which ONNX infers. That nothing else
 * differs is checked, node by node, so that a function whose operations depend on the batch in another way is refused
 * and never exported wrongly. The two sizes are primes that no layer's width shares.
 */
import onnxProto, { type onnx as Onnx } from 'onnx-proto';
import { EngineError } from '../../shared/errors.ts';
import { elementTypes } from './graphBuilder.ts';

const { onnx } = onnxProto;

/** Batch sizes to trace at, the smaller first. */
export const TRACED_BATCHES = [7, 11] as const;

/** What the free dimension is called. */
export const BATCH = 'batch';

interface Graph {
  readonly nodes: readonly Onnx.INodeProto[];
  readonly constants: ReadonlyMap<string, Onnx.ITensorProto>;
}

/**
 * The model at the smaller of `TRACED_BATCHES` made general with the help of the one at the larger.
 * @throws EngineError naming the operation that depends on the batch otherwise than by a reshape
 */
export function symbolicBatch(small: Onnx.ModelProto, large: Onnx.ModelProto): Onnx.ModelProto {
  const [one, other] = [graphOf(small), graphOf(large)];
  const names = namesOf(small, large, one, other);
  const shapes = new Map<string, Onnx.ITensorProto>();
  const nodes = one.nodes.map((node, at) => {
    const twin = other.nodes[at] as Onnx.INodeProto;
    const input = (node.input ?? []).map((name, place) => {
      const twinName = twin.input?.[place] ?? '';
      const [constant, twinConstant] = [one.constants.get(name), other.constants.get(twinName)];
      if (!constant || !twinConstant) {
        if (names.get(name) !== twinName) throw dependent(node);
        return name;
      }
      if (equalBytes(onnx.TensorProto, { ...constant, name: '' }, { ...twinConstant, name: '' })) return name;
      const shape = node.opType === 'Reshape' && place === 1 ? freeShape(constant, twinConstant) : undefined;
      if (!shape) throw dependent(node);
      const shapeName = `shape [${shape}]`;
      shapes.set(shapeName, {
        name: shapeName,
        dataType: elementTypes.int64,
        dims: [shape.length],
        rawData: new Uint8Array(BigInt64Array.from(shape.map(BigInt)).buffer),
      });
      return shapeName;
    });
    return { ...node, input };
  });
  const used = new Set(nodes.flatMap(({ input }) => input));
  const constants = [...one.constants.values(), ...shapes.values()].filter(({ name }) => used.has(name ?? ''));
  return onnx.ModelProto.create({
    ...small,
    graph: {
      ...small.graph,
      node: nodes,
      initializer: constants,
      input: (small.graph?.input ?? []).map((info, i) => freeInfo(info, large.graph?.input?.[i])),
      output: (small.graph?.output ?? []).map((info, i) => freeInfo(info, large.graph?.output?.[i])),
    },
  });
}

function graphOf({ graph }: Onnx.ModelProto): Graph {
  return {
    nodes: graph?.node ?? [],
    constants: new Map((graph?.initializer ?? []).map((tensor) => [tensor.name ?? '', tensor])),
  };
}

/** The names of values of the first graph in the second. @throws EngineError when the graphs are not alike */
function namesOf(small: Onnx.ModelProto, large: Onnx.ModelProto, one: Graph, other: Graph): Map<string, string> {
  if (one.nodes.length !== other.nodes.length)
    throw new EngineError('the function does other operations at another batch size; export it at a fixed size');
  const names = new Map([['', '']]);
  small.graph?.input?.forEach((info, i) => {
    names.set(info.name ?? '', large.graph?.input?.[i]?.name ?? '');
  });
  one.nodes.forEach((node, at) => {
    const twin = other.nodes[at] as Onnx.INodeProto;
    const alike =
      node.opType === twin.opType &&
      node.input?.length === twin.input?.length &&
      equalBytes(onnx.NodeProto, { attribute: node.attribute ?? [] }, { attribute: twin.attribute ?? [] });
    if (!alike) throw dependent(node);
    node.output?.forEach((name, i) => {
      names.set(name, twin.output?.[i] ?? '');
    });
  });
  return names;
}

/** The shape with −1 for the one entry that grows with the batch; undefined if there is none, or more. */
function freeShape(one: Onnx.ITensorProto, other: Onnx.ITensorProto): readonly number[] | undefined {
  const [small, large] = [integers(one), integers(other)];
  const growing = [...small.keys()].filter((i) => small[i] !== large[i]);
  const [at] = growing;
  if (small.length !== large.length || growing.length !== 1 || at === undefined) return undefined;
  return grows(small[at] as number, large[at] as number) ? small.with(at, -1) : undefined;
}

function integers({ rawData }: Onnx.ITensorProto): number[] {
  return Array.from(new BigInt64Array(Uint8Array.from(rawData ?? []).buffer), Number);
}

function grows(small: number, large: number): boolean {
  const [one, other] = TRACED_BATCHES;
  return small % one === 0 && small / one === large / other;
}

/** The declaration of an input or output with its batch dimension free; a dimension may be the batch itself alone. */
function freeInfo(info: Onnx.IValueInfoProto, twin: Onnx.IValueInfoProto | undefined): Onnx.IValueInfoProto {
  const { elemType, shape } = info.type?.tensorType ?? {};
  const twins = twin?.type?.tensorType?.shape?.dim ?? [];
  const dim = (shape?.dim ?? []).map((dimension, i) => {
    const [size, twinSize] = [Number(dimension.dimValue), Number(twins[i]?.dimValue)];
    if (size === twinSize) return { dimValue: size };
    if (size === TRACED_BATCHES[0] && twinSize === TRACED_BATCHES[1]) return { dimParam: BATCH };
    throw new EngineError(
      `"${info.name}" has ${size} rows for a batch of ${TRACED_BATCHES[0]}; export a row an example`,
    );
  });
  return { name: info.name ?? '', type: { tensorType: { elemType: elemType ?? 0, shape: { dim } } } };
}

function equalBytes<T>(type: { encode(message: T): { finish(): Uint8Array } }, one: T, other: T): boolean {
  return Buffer.compare(type.encode(one).finish(), type.encode(other).finish()) === 0;
}

function dependent({ opType, name }: Onnx.INodeProto): EngineError {
  const kernel = name?.split('/')[0] || opType;
  return new EngineError(`${kernel} (${opType}) depends on the batch size; rewrite it or export it at a fixed size`);
}
