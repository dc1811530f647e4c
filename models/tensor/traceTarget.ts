/**
 * What the runtime that will run a graph can do beyond the operators that ONNX defines. Graphs for other programs, and
 * for providers that know nothing more, are traced for `portableTarget`.
 */
export interface TraceTarget {
  /**
   * Channels in a block of the runtime's own layout of images, [batch, channels / block, height, width, block]; 0 where
   * it has none.
   */
  readonly channelBlock: number;
}

/** Nothing but what ONNX defines. */
export const portableTarget: TraceTarget = { channelBlock: 0 };
