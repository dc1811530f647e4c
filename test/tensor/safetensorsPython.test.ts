/**
 * Weight files and the format's own library: what is written here is read there, and the other way round. Needs a
 * Python with `safetensors` and `numpy` (`python3 -m pip install safetensors numpy`), `python3` or what PYTHON names;
 * without them the tests are skipped.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { float32, type HostTensors } from '../../models/tensor/program.ts';
import { decodeSafetensors, encodeSafetensors } from '../../models/tensor/safetensors.ts';

const python = process.env.PYTHON ?? 'python3';
const { status } = spawnSync(python, ['-c', 'import safetensors.numpy, numpy'], { stdio: 'ignore' });
const absent = status !== 0;

const directory = mkdtempSync(join(tmpdir(), 'safetensors-'));
const path = join(directory, 'weights.safetensors');
afterAll(() => rmSync(directory, { recursive: true }));

const tensors: HostTensors = {
  'encoder/stem/kernel': float32([1.5, -2, 3e-20, 4, 5, 6], [2, 3]),
  scale: float32([0.1], []),
  'größe \u{1f9ed}': { shape: [2], dtype: 'int32', data: Int32Array.of(7, -2_000_000_000) },
  mask: { shape: [3], dtype: 'bool', data: Uint8Array.of(1, 0, 1) },
  none: float32([], [0, 4]),
};

/** Runs a program on `path` and reads the JSON that it prints. */
function ask(program: string): unknown {
  return JSON.parse(execFileSync(python, ['-c', program, path], { encoding: 'utf8' }));
}

describe(`the safetensors library of Python${absent ? `, which ${python} lacks: skipped` : ''}`, () => {
  it.skipIf(absent)('reads what is written here', () => {
    writeFileSync(path, encodeSafetensors({ tensors, metadata: { world: 'push-t', note: 'a "quoted" ü' } }));
    const read = ask(`
import json, sys
from safetensors import safe_open
with safe_open(sys.argv[1], framework="np") as file:
    tensors = {name: file.get_tensor(name) for name in file.keys()}
    print(json.dumps({"metadata": file.metadata(), "tensors": {
        name: [str(value.dtype), list(value.shape), value.reshape(-1).tolist()] for name, value in tensors.items()}}))`);
    expect(read).toEqual({
      metadata: { world: 'push-t', note: 'a "quoted" ü' },
      tensors: Object.fromEntries(
        Object.entries(tensors).map(([name, { dtype, shape, data }]) => [
          name,
          [dtype, shape, Array.from(data, (value) => (dtype === 'bool' ? value === 1 : value))],
        ]),
      ),
    });
  });

  it.skipIf(absent)('writes what is read here', () => {
    ask(`
import json, sys, numpy as np
from safetensors.numpy import save_file
save_file({
    "encoder/stem/kernel": np.array([[1.5, -2, 3e-20], [4, 5, 6]], np.float32),
    "scale": np.array(0.1, np.float32),
    "größe \u{1f9ed}": np.array([7, -2_000_000_000], np.int32),
    "mask": np.array([True, False, True]),
    "none": np.zeros((0, 4), np.float32),
}, sys.argv[1], metadata={"world": "push-t"})
print(json.dumps(None))`);
    expect(decodeSafetensors(readFileSync(path))).toEqual({ tensors, metadata: { world: 'push-t' } });
  });

  it.skipIf(absent)('names what cannot be read here: a type that programs do not hold', () => {
    ask(`
import json, sys, numpy as np
from safetensors.numpy import save_file
save_file({"fine": np.zeros(2, np.float32), "half": np.zeros(2, np.float16)}, sys.argv[1])
print(json.dumps(None))`);
    expect(() => decodeSafetensors(readFileSync(path))).toThrow('the tensor "half" is of type F16');
  });
});
