/**
 * A tensor function as an ONNX file for other programs: weights inside, plain names, a free batch dimension, and bytes
 * where pictures go in or come out. Every runtime that reads the operator set runs it without our code.
 */
import onnxProto, { type onnx as Onnx } from 'onnx-proto';
import { elementTypes, inputName, outputName } from './graphBuilder.ts';
import type { DType, Signature, TensorFunction } from './program.ts';
import { BATCH, symbolicBatch, TRACED_BATCHES } from './symbolicBatch.ts';
import { traceFunction } from './tracingBackend.ts';

const { onnx } = onnxProto;

export interface PortableOptions {
  /** What the graph is called. */
  readonly name: string;
  /** What it computes, in a sentence or two. */
  readonly description: string;
  /** Inputs and outputs, float32 in the function, that are bytes in the file; outputs must be whole, 0 to 255. */
  readonly bytes: readonly string[];
  /** What else the file says of itself. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** An input or output of the file. */
export interface PortableTensor {
  readonly name: string;
  readonly dtype: DType | 'uint8';
  /** `batch` stands for any number of rows, the same throughout the file. */
  readonly shape: readonly (number | typeof BATCH)[];
}

export interface PortableModel {
  /** The file. */
  readonly model: Uint8Array;
  readonly inputs: readonly PortableTensor[];
  readonly outputs: readonly PortableTensor[];
  /** Version of ONNX's operator set. */
  readonly opset: number;
}

/** ONNX's number for unsigned bytes. */
const BYTES = 2;

const dtypes: Readonly<Record<number, PortableTensor['dtype']>> = {
  [elementTypes.float32]: 'float32',
  [elementTypes.int32]: 'int32',
  [elementTypes.bool]: 'bool',
  [BYTES]: 'uint8',
};

/**
 * The file of a function whose signature depends on the number of rows.
 * @throws EngineError when the function cannot be traced, or depends on the batch in a way that no file can express
 */
export function portableModel(
  fn: TensorFunction,
  signature: (batch: number) => Signature,
  options: PortableOptions,
): PortableModel {
  const [small, large] = TRACED_BATCHES.map((batch) =>
    onnx.ModelProto.decode(traceFunction(fn, signature(batch)).model),
  ) as [Onnx.ModelProto, Onnx.ModelProto];
  const { irVersion, opsetImport, graph } = symbolicBatch(small, large);
  const inputs = withPlainNames(graph?.input ?? [], inputName(''), options.bytes);
  const outputs = withPlainNames(graph?.output ?? [], outputName(''), options.bytes);
  const model = onnx.ModelProto.create({
    irVersion,
    opsetImport,
    producerName: 'reverie',
    docString: options.description,
    metadataProps: Object.entries(options.metadata).map(([key, value]) => ({ key, value })),
    graph: {
      ...graph,
      name: options.name,
      docString: options.description,
      input: inputs,
      output: outputs,
      node: [
        ...inputs.map((info) => bridge(info, info.name ?? '', inputName(info.name ?? ''), elementTypes.float32)),
        ...(graph?.node ?? []),
        ...outputs.map((info) => bridge(info, outputName(info.name ?? ''), info.name ?? '', BYTES)),
      ],
    },
  });
  return {
    model: onnx.ModelProto.encode(model).finish(),
    inputs: inputs.map(described),
    outputs: outputs.map(described),
    opset: Math.max(...opsetImport.map(({ version }) => Number(version))),
  };
}

/** The declarations without the prefix that the graph gives their names, and as bytes where that is wanted. */
function withPlainNames(
  infos: readonly Onnx.IValueInfoProto[],
  prefix: string,
  bytes: readonly string[],
): Onnx.IValueInfoProto[] {
  return infos.map((info) => {
    const name = (info.name ?? '').slice(prefix.length);
    const tensorType = { ...info.type?.tensorType, ...(bytes.includes(name) && { elemType: BYTES }) };
    return { name, type: { tensorType } };
  });
}

/** Between a plain name and the graph's own: a cast where one side is bytes, otherwise the value itself. */
function bridge(info: Onnx.IValueInfoProto, from: string, to: string, type: number): Onnx.INodeProto {
  if (info.type?.tensorType?.elemType !== BYTES) return { opType: 'Identity', input: [from], output: [to] };
  const attribute = [{ name: 'to', type: onnx.AttributeProto.AttributeType.INT, i: type }];
  return { opType: 'Cast', input: [from], output: [to], attribute };
}

function described({ name, type }: Onnx.IValueInfoProto): PortableTensor {
  const { elemType, shape } = type?.tensorType ?? {};
  return {
    name: name ?? '',
    dtype: dtypes[elemType ?? 0] ?? 'float32',
    shape: (shape?.dim ?? []).map(({ dimParam, dimValue }) => (dimParam ? BATCH : Number(dimValue))),
  };
}
