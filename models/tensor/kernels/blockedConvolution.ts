/**
 * Convolutions of images in the runtime's own layout, whose channels lie in blocks ("NCHWc": Georganas et al. 2018,
 * arXiv 1808.05567). The filter's gradient profits most. It is a convolution too: the data's channels are its images,
 * the upstream gradient is its filter, as large as an image, and the batch is what it sums over as its channels. Three
 * by three results for each pair of channels, at the speed of a forward pass; as products for each tap it took four
 * times as long (docs/engine.md).
 */
import type { TensorInfo } from '@tensorflow/tfjs';
import { BLOCKED_DOMAIN, type GraphBuilder } from '../graphBuilder.ts';
import type { Trace } from '../trace.ts';
import { overhang, reach, type Windows } from './windows.ts';

function blocked(graph: GraphBuilder, operator: string, inputs: string[], attributes = {}): string {
  return graph.node(`${BLOCKED_DOMAIN}:${operator}`, inputs, attributes);
}

/** Whether the runtime has blocks, and these images can be laid out in them. */
export function fitsBlocks({ target: { channelBlock } }: Trace, windows: Windows, outputs: number): boolean {
  const inside = [...windows.before, ...overhang(windows)].every((amount) => amount >= 0);
  return (
    channelBlock > 0 &&
    windows.input.length === 2 &&
    inside &&
    [windows.channels, outputs].every((channels) => channels % channelBlock === 0)
  );
}

/**
 * The convolution of [batch, height, width, in] to [batch, height, width, out].
 * @param filter [height, width, in, out], or with the last two exchanged where `exchanged`
 */
export function blockedConvolution(
  trace: Trace,
  image: string,
  filter: string,
  { inputs, outputs, extents, exchanged, pads, strides, dilations }: BlockedConvolution,
): string {
  const { graph } = trace;
  const block = trace.target.channelBlock;
  const [rows, columns] = exchanged ? [outputs, inputs] : [inputs, outputs];
  const split = trace.reshaped(filter, [...extents, rows / block, block, columns / block, block]);
  const order = exchanged ? [2, 4, 0, 1, 5, 3] : [4, 2, 0, 1, 3, 5]; // [out blocks, in blocks, height, width, in, out]
  const weights = trace.reshaped(graph.transpose(split, order), [outputs, inputs, ...extents]);
  const laidOut = blocked(graph, 'ReorderInput', [image], { channels_last: 1 });
  const result = blocked(graph, 'Conv', [laidOut, weights], { kernel_shape: extents, pads, strides, dilations });
  return blocked(graph, 'ReorderOutput', [result], { channels: outputs, channels_last: 1 });
}

export interface BlockedConvolution {
  readonly inputs: number;
  readonly outputs: number;
  /** Height and width of the filter. */
  readonly extents: readonly number[];
  readonly exchanged: boolean;
  readonly pads: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
}

/**
 * The gradient [height, width, in, out] of a filter, from the data [batch, height, width, in] and the upstream gradient
 * [batch, height, width, out]; nothing where the images cannot be laid out in blocks.
 *
 * What the convolution sums over must be whole blocks. Where the batch is not, images are cut into bands of rows, each
 * an image of its own, which overlap by what the filter's rows span.
 */
export function blockedFilterGradient(
  trace: Trace,
  x: TensorInfo,
  dy: TensorInfo,
  windows: Windows,
): string | undefined {
  const { graph } = trace;
  const { channelBlock: block } = trace.target;
  const { batch, channels, filter, strides, dilations, output } = windows;
  const [height, width] = output as [number, number];
  const bands = block > 0 && output.length === 2 ? bandsOf(batch, height, block) : undefined;
  if (!bands) return undefined;
  const rows = height / bands;
  const summed = batch * bands;
  const outputs = dy.shape.at(-1) as number;
  const padded = Math.ceil(outputs / block) * block;

  const margins = [0, 0, 0, padded - outputs];
  const upstream =
    padded === outputs ? trace.whole(dy) : graph.node('Pad', [trace.whole(dy), graph.int64([0, 0, 0, 0, ...margins])]);
  const split = trace.reshaped(upstream, [summed / block, block, rows, width, padded / block, block]);
  const weights = trace.reshaped(graph.transpose(split, [4, 0, 2, 3, 1, 5]), [padded, summed, rows, width]);

  const images = trace.reshaped(bandsOfRows(trace, x, windows, bands), [summed, ...seenBy(windows, rows), channels]);
  const laidOut = blocked(graph, 'ReorderInput', [graph.transpose(images, [3, 0, 1, 2])]); // [in, summed, …]
  const gradient = blocked(graph, 'Conv', [laidOut, weights], {
    kernel_shape: [rows, width],
    pads: [0, 0, 0, 0],
    strides: dilations,
    dilations: strides,
  });
  const dense = blocked(graph, 'ReorderOutput', [gradient], { channels: outputs, channels_last: 1 }); // [in, …, out]
  return trace.reshaped(graph.transpose(dense, [1, 2, 0, 3]), [...filter, channels, outputs]);
}

/** The least number of equal bands that makes whole blocks of the batch. */
function bandsOf(batch: number, height: number, block: number): number | undefined {
  const counts = Array.from({ length: height }, (_, i) => i + 1);
  return counts.find((count) => height % count === 0 && (batch * count) % block === 0);
}

/** Height and width of what the filter sees for `rows` rows of the result. */
function seenBy(windows: Windows, rows: number): number[] {
  const counts = [rows, windows.output[1] as number];
  return reach(windows).map((span, axis) => ((counts[axis] as number) - 1) * (windows.strides[axis] as number) + span);
}

/** The padded data, [batch, bands · height of a band, width, channels]. */
function bandsOfRows(trace: Trace, x: TensorInfo, windows: Windows, bands: number): string {
  const { graph } = trace;
  const { before, strides, output } = windows;
  const margins = [0, ...before, 0, 0, ...overhang(windows), 0];
  const whole = margins.some((margin) => margin !== 0)
    ? graph.node('Pad', [trace.whole(x), graph.int64(margins)])
    : trace.whole(x);
  if (bands === 1) return whole;
  const rows = (output[0] as number) / bands;
  const [height] = seenBy(windows, rows) as [number];
  const starts = Array.from({ length: bands }, (_, band) => band * rows * (strides[0] as number));
  const places = starts.flatMap((start) => Array.from({ length: height }, (_, row) => start + row));
  return graph.node('Gather', [whole, graph.int64(places)], { axis: 1 });
}
