/**
 * What ONNX Runtime's CPU provider can do on this machine. Its convolutions are fastest on images whose channels lie in
 * blocks as wide as the processor's vectors ("NCHWc": Georganas et al. 2018, arXiv 1808.05567, section II); how wide,
 * a graph of one operator tells.
 */
import onnxProto, { type onnx as Onnx } from 'onnx-proto';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { nativeCall } from '../../shared/nativeCalls.ts';
import { BLOCKED_DOMAIN, elementTypes, IR_VERSION, OPSET } from './graphBuilder.ts';
import { portableTarget, type TraceTarget } from './traceTarget.ts';

const { onnx } = onnxProto;

/** More channels than any processor's block has, in images of two pixels. */
const SHAPE = [1, 64, 1, 2];

let known: Promise<TraceTarget> | undefined;

/** Asked once a process. */
export function cpuTarget(): Promise<TraceTarget> {
  known ??= nativeCall(measured);
  return known;
}

/** A runtime without that layout refuses the graph, and gets portable ones. */
async function measured(): Promise<TraceTarget> {
  try {
    const session = await InferenceSession.create(reordering(), { intraOpNumThreads: 1, logSeverityLevel: 4 });
    const places = Float32Array.from({ length: 128 }, (_, i) => i); // [channel, pixel]
    const { blocked } = await session.run({ image: new Tensor('float32', places, SHAPE) });
    await session.release();
    const laidOut = blocked?.data as Float32Array;
    const block = laidOut.indexOf(1); // where the first channel's second pixel went
    return { channelBlock: block > 1 ? block : 0 };
  } catch {
    return portableTarget;
  }
}

function reordering(): Uint8Array {
  const model = onnx.ModelProto.create({
    irVersion: IR_VERSION,
    opsetImport: [{ version: OPSET }, { domain: BLOCKED_DOMAIN, version: 1 }],
    graph: {
      name: 'reordering',
      node: [{ opType: 'ReorderInput', domain: BLOCKED_DOMAIN, input: ['image'], output: ['blocked'] }],
      input: [declared('image')],
      output: [declared('blocked')],
    },
  });
  return onnx.ModelProto.encode(model).finish();
}

function declared(name: string): Onnx.IValueInfoProto {
  const dim = SHAPE.map((dimValue) => ({ dimValue }));
  return { name, type: { tensorType: { elemType: elementTypes.float32, shape: { dim } } } };
}
