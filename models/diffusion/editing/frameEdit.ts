/**
 * An edit of a frame with no training, as data and pure functions: where sampling begins, what is put back into every
 * clean picture that the network answers with, and which bytes the result must show (consistency models, Song et al.
 * 2023, arXiv 2303.01469, Algorithm 4). The network, its method and its steps are not an edit's business: any painter
 * that goes through clean pictures can be made to keep what is known.
 */
import * as tf from '@tensorflow/tfjs';
import { FRAME_BYTES, FRAME_CHANNELS, FRAME_SIZE, type Frame } from '../../../shared/frame.ts';
import { float32, type HostTensor, type HostTensors, type Tensors } from '../../tensor/program.ts';
import { writePicture } from '../picture.ts';

export interface FrameEdit {
  /** Edits of one key are one program: their functions are the same, and their inputs have the same shapes. */
  readonly key: string;
  /** What the functions need, given the backdrop that pictures are differences from. */
  readonly inputs: (backdrop: Frame) => HostTensors;
  /** The time from which sampling goes down: 1 is pure noise. */
  readonly from: number;
  /** The noisy picture at that time, given pure noise: both [1, 64, 64, 3]. */
  readonly begin: (noise: tf.Tensor, inputs: Tensors) => tf.Tensor;
  /** A clean picture with what is known put back: both [1, 64, 64, 3]. */
  readonly impose: (clean: tf.Tensor, inputs: Tensors) => tf.Tensor;
  /** The nearest frame whose bytes show exactly what is known. */
  readonly settle: (painted: Frame) => Frame;
  /** A frame that looks as much like the one sought as what is known allows: for an encoder to look at. */
  readonly visible: (backdrop: Frame) => Frame;
}

/** Shape of one picture. */
export const PICTURE_SHAPE: readonly number[] = [1, FRAME_SIZE, FRAME_SIZE, FRAME_CHANNELS];

/** A frame as an input of a program: [1, 64, 64, 3]. */
export function pictureInput(frame: Frame, backdrop: Frame): HostTensor {
  const picture = new Float32Array(FRAME_BYTES);
  writePicture({ count: 1, frames: frame }, 0, backdrop, picture, 0);
  return float32(picture, PICTURE_SHAPE);
}

/** An input of an edit. */
export function editInput(inputs: Tensors, name: string): tf.Tensor {
  return inputs[name] ?? tf.zeros([...PICTURE_SHAPE]);
}
