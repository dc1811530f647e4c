/**
 * Builds one ONNX graph, node by node, and encodes it. Three rules keep graphs small: equal constants are stored
 * once, equal nodes are emitted once (every operator used here is a pure function of its inputs), and what no output
 * needs is left out. Two transposes in a row become one, or none; networks written for [batch, height, width,
 * channels] are full of them, since ONNX wants channels first.
 */
import { createHash } from 'node:crypto';
import onnxProto, { type onnx as Onnx } from 'onnx-proto';
import { type DType, type Signature, sizeOf } from './program.ts';

/** The value of a node's attribute: an integer, integers, text, or a number marked as real. */
export type Attribute = number | readonly number[] | string | { readonly real: number };

export type Attributes = Readonly<Record<string, Attribute>>;

const { onnx } = onnxProto;

/** The operator set whose meaning the nodes have. */
export const OPSET = 18;
export const IR_VERSION = 9;

/** Operators of ONNX Runtime on images whose channels lie in blocks; nodes write `domain:operator`. */
export const BLOCKED_DOMAIN = 'com.microsoft.nchwc';

/** ONNX's numbers for element types. */
export const elementTypes = { float32: 1, int32: 6, int64: 7, bool: 9 } as const;

interface Node {
  /** The kernel that added it; empty where there was none. */
  readonly origin: string;
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Attributes;
}

interface Constant {
  readonly shape: readonly number[];
  readonly type: keyof typeof elementTypes;
  readonly bytes: Uint8Array;
}

export class GraphBuilder {
  /** The kernel that adds nodes at present; nodes are named after theirs, which errors and tools then show. */
  origin = '';
  private readonly nodes: Node[] = [];
  private readonly known = new Map<string, readonly string[]>();
  private readonly producers = new Map<string, Node>();
  private readonly constants = new Map<string, Constant>();
  private readonly constantNames = new Map<string, string>();
  private names = 0;

  /**
   * Adds a node with one output, or finds the equal one, and returns the output's name. An empty input name stands for
   * an absent input.
   */
  node(operator: string, inputs: readonly string[], attributes: Attributes = {}): string {
    return this.nodeWith(1, operator, inputs, attributes)[0] as string;
  }

  /** As `node`, for operators with several outputs. */
  nodeWith(
    outputs: number,
    operator: string,
    inputs: readonly string[],
    attributes: Attributes = {},
  ): readonly string[] {
    const key = JSON.stringify([operator, inputs, attributes, outputs]);
    const known = this.known.get(key);
    if (known) return known;
    const names = Array.from({ length: outputs }, () => `v${this.names++}`);
    const node = { origin: this.origin, operator, inputs, attributes, outputs: names };
    this.nodes.push(node);
    this.known.set(key, node.outputs);
    for (const output of node.outputs) this.producers.set(output, node);
    return node.outputs;
  }

  /** A transpose, merged with the one that made its input. */
  transpose(input: string, permutation: readonly number[]): string {
    const producer = this.producers.get(input);
    if (producer?.operator === 'Transpose') {
      const before = producer.attributes.perm as readonly number[];
      return this.transpose(
        producer.inputs[0] as string,
        permutation.map((axis) => before[axis] as number),
      );
    }
    if (permutation.every((axis, i) => axis === i)) return input;
    return this.node('Transpose', [input], { perm: permutation });
  }

  /** A constant tensor; values as they lie in memory, which must not change before the graph is built. */
  constant(type: Constant['type'], bytes: Uint8Array, shape: readonly number[]): string {
    const key = `${type} [${shape}] ${createHash('sha256').update(bytes).digest('base64')}`;
    const known = this.constantNames.get(key);
    if (known) return known;
    const name = `c${this.names++}`;
    this.constantNames.set(key, name);
    this.constants.set(name, { type, shape, bytes });
    return name;
  }

  /** One number of a tensor type, as a constant of shape []. */
  scalar(value: number, dtype: DType = 'float32'): string {
    return this.constant(dtype, bytesOf([value], dtype), []);
  }

  /** A list of 64-bit integers: shapes, axes, paddings. */
  int64(values: readonly number[]): string {
    return this.constant('int64', new Uint8Array(BigInt64Array.from(values.map(BigInt)).buffer), [values.length]);
  }

  /**
   * Encodes the graph that computes `outputs` (their names to nodes' outputs) from `inputs`.
   * @returns the model, and the inputs that it needs: those that no output depends on are left out
   */
  build(inputs: Signature, outputs: Signature, sources: Readonly<Record<string, string>>): BuiltGraph {
    const named = this.outputNames(sources);
    const copies = Object.entries(sources).filter(([name, source]) => named.get(source) !== outputName(name));
    const results = copies.map(([name, source]) => ({
      origin: '',
      operator: 'Identity',
      inputs: [source],
      outputs: [outputName(name)],
      attributes: {},
    }));
    const { nodes, needed } = this.reachedFrom(results, [...named.keys()]);
    const live = Object.keys(inputs).filter((name) => needed.has(inputName(name)));
    const model = onnx.ModelProto.create({
      irVersion: IR_VERSION,
      opsetImport: [{ version: OPSET }, ...domainsOf(nodes).map((domain) => ({ domain, version: 1 }))],
      graph: {
        name: 'program',
        node: nodes.map((node) => encodeNode(renamed(node, named))),
        input: live.map((name) => valueInfo(inputName(name), inputs, name)),
        output: Object.keys(outputs).map((name) => valueInfo(outputName(name), outputs, name)),
        initializer: [...this.constants]
          .filter(([name]) => needed.has(name))
          .map(([name, { type, shape, bytes }]) => ({
            name,
            dataType: elementTypes[type],
            dims: [...shape],
            rawData: bytes,
          })),
      },
    });
    return { model: onnx.ModelProto.encode(model).finish(), inputs: live };
  }

  /** Values of nodes that can bear an output's name themselves; inputs, constants and second outputs are copied. */
  private outputNames(sources: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
    const named = new Map<string, string>();
    for (const [name, source] of Object.entries(sources))
      if (this.producers.has(source) && !named.has(source)) named.set(source, outputName(name));
    return named;
  }

  private reachedFrom(
    results: readonly Node[],
    values: readonly string[],
  ): { nodes: readonly Node[]; needed: ReadonlySet<string> } {
    const needed = new Set([...values, ...results.flatMap((node) => node.inputs)]);
    const kept: Node[] = [];
    for (const node of this.nodes.toReversed()) {
      if (!node.outputs.some((output) => needed.has(output))) continue;
      kept.push(node);
      for (const input of node.inputs) needed.add(input);
    }
    return { nodes: [...kept.reverse(), ...results], needed };
  }
}

export interface BuiltGraph {
  readonly model: Uint8Array;
  /** Names of the inputs that the graph reads. */
  readonly inputs: readonly string[];
}

/** What an input is called inside the graph, apart from the names of nodes. */
export function inputName(name: string): string {
  return `in:${name}`;
}

/** What an output is called inside the graph. */
export function outputName(name: string): string {
  return `out:${name}`;
}

/** Values of a tensor type as they lie in memory. */
export function bytesOf(values: ArrayLike<number>, dtype: DType): Uint8Array {
  if (dtype === 'bool') return Uint8Array.from(values, (value) => (value ? 1 : 0));
  const typed = dtype === 'int32' ? asTyped(values, Int32Array) : asTyped(values, Float32Array);
  return new Uint8Array(typed.buffer, typed.byteOffset, typed.byteLength);
}

function asTyped<T extends Int32Array | Float32Array>(
  values: ArrayLike<number>,
  type: { new (...elements: never[]): T; from(values: ArrayLike<number>): T },
): T {
  return values instanceof type ? values : type.from(values);
}

function valueInfo(name: string, signature: Signature, key: string): Onnx.IValueInfoProto {
  const { shape = [], dtype = 'float32' } = signature[key] ?? {};
  const dim = shape.map((dimension) => ({ dimValue: dimension }));
  return { name, type: { tensorType: { elemType: elementTypes[dtype], shape: { dim } } } };
}

/** The node with values under the names of the outputs that they are. */
function renamed(node: Node, names: ReadonlyMap<string, string>): Node {
  const rename = (name: string): string => names.get(name) ?? name;
  return { ...node, inputs: node.inputs.map(rename), outputs: node.outputs.map(rename) };
}

/** Domains, besides ONNX's own, that the operators belong to. */
function domainsOf(nodes: readonly Node[]): string[] {
  return [...new Set(nodes.flatMap(({ operator }) => operator.split(':').slice(0, -1)))];
}

function encodeNode({ origin, operator, inputs, outputs, attributes }: Node): Onnx.INodeProto {
  const [opType, domain] = operator.split(':').reverse();
  return {
    ...(origin !== '' && { name: `${origin}/${outputs[0]}` }),
    opType,
    ...(domain && { domain }),
    input: [...inputs],
    output: [...outputs],
    attribute: Object.entries(attributes).map(([name, value]) => encodeAttribute(name, value)),
  };
}

function encodeAttribute(name: string, value: Attribute): Onnx.IAttributeProto {
  const { INT, INTS, FLOAT, STRING } = onnx.AttributeProto.AttributeType;
  if (typeof value === 'number') return { name, type: INT, i: value };
  if (typeof value === 'string') return { name, type: STRING, s: new TextEncoder().encode(value) };
  if ('real' in value) return { name, type: FLOAT, f: value.real };
  return { name, type: INTS, ints: [...value] };
}

/** Whether a shape has no more than one element. */
export function isSingle(shape: readonly number[]): boolean {
  return sizeOf(shape) === 1;
}
