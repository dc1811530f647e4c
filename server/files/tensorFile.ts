/**
 * Tensors on disk: safetensors files, written whole and read with the path in every complaint.
 */
import { readFile } from 'node:fs/promises';
import { decodeSafetensors, encodeSafetensors, type TensorFile } from '../../models/tensor/safetensors.ts';
import { WeightsError } from '../../shared/errors.ts';
import { writeAtomically } from './writeAtomically.ts';

/** Writes a safetensors file. */
export function writeTensorFile(path: string, file: TensorFile): Promise<void> {
  return writeAtomically(path, encodeSafetensors(file));
}

/** Reads a safetensors file. @throws WeightsError naming the path and what is wrong */
export async function readTensorFile(path: string): Promise<TensorFile> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    throw new WeightsError(
      `the weight file "${path}" cannot be read; train the agent again or name another directory`,
      {
        cause: error,
      },
    );
  }
  return aboutFile(path, () => decodeSafetensors(bytes));
}

/** Runs a check of the file's content; its complaint gets the path. */
export function aboutFile<T>(path: string, check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof WeightsError)) throw error;
    throw new WeightsError(`"${path}": ${error.message}`, { cause: error });
  }
}
