/**
 * What ONNX Runtime's WebGPU provider claims and then cannot run: a maximum pooling that also tells where the maxima
 * lie, and a transposed convolution of clips. Left to the provider they fail when the program runs; named in its
 * options they run on the CPU, and their data cross over.
 */
import onnxProto, { type onnx as Onnx } from 'onnx-proto';

const { onnx } = onnxProto;

/** Names of the nodes that must not go to the provider. */
export function webgpuGaps(model: Uint8Array): string[] {
  const nodes = onnx.ModelProto.decode(model).graph?.node ?? [];
  return nodes.filter((node) => isGap(node)).map(({ name }) => name ?? '');
}

function isGap({ opType, output, attribute }: Onnx.INodeProto): boolean {
  const strides = attribute?.find(({ name }) => name === 'strides')?.ints ?? [];
  return (opType === 'MaxPool' && output?.length === 2) || (opType === 'ConvTranspose' && strides.length > 2);
}
