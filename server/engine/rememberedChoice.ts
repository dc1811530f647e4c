/**
 * The engine that `auto` chose, on disk, so that it is measured once. The choice holds for the machine and the
 * libraries that it was made with: their fingerprint stands beside it, and where it differs, or where the file is
 * damaged, there is no choice. Drivers cannot be asked cheaply; the devices that the system shows stand for them.
 */
import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { arch, availableParallelism, cpus, platform } from 'node:os';
import { join } from 'node:path';
import { env } from 'onnxruntime-node';
import { z } from 'zod';
import { engineNames } from '../../models/tensor/engineNames.ts';
import { userCacheDirectory } from '../files/userCacheDirectory.ts';
import { writeAtomically } from '../files/writeAtomically.ts';
import type { EngineChoice } from './chooseEngine.ts';

const engine = z.enum(engineNames);

const schema = z.object({
  fingerprint: z.string(),
  choice: z.object({
    engine,
    why: z.string(),
    measured: z.array(z.object({ engine, ms: z.number().nullable(), remark: z.string().nullable() })).readonly(),
  }),
});

function path(): string {
  return join(userCacheDirectory(), 'engine.json');
}

/** The choice that was made on this machine; undefined where none was. */
export async function readChoice(fingerprint = fingerprintHere()): Promise<EngineChoice | undefined> {
  try {
    const remembered = schema.parse(JSON.parse(await readFile(path(), 'utf8')));
    return remembered.fingerprint === fingerprint ? remembered.choice : undefined;
  } catch {
    return undefined;
  }
}

/** Remembers a choice; where nothing can be written, the next process measures again. */
export async function writeChoice(choice: EngineChoice, fingerprint = fingerprintHere()): Promise<void> {
  const text = JSON.stringify({ fingerprint, choice } satisfies z.infer<typeof schema>, undefined, 2);
  await writeAtomically(path(), `${text}\n`).catch(() => {});
}

/** What the choice depends on. */
function fingerprintHere(): string {
  const { VK_DRIVER_FILES, VK_ICD_FILENAMES, CUDA_VISIBLE_DEVICES, LD_LIBRARY_PATH } = process.env;
  const parts = [
    [platform(), arch(), cpus()[0]?.model, availableParallelism()],
    [process.versions.node, env.versions],
    [VK_DRIVER_FILES, VK_ICD_FILENAMES, CUDA_VISIBLE_DEVICES, LD_LIBRARY_PATH],
    ['/dev/dri', '/proc/driver/nvidia/gpus', '/usr/share/vulkan/icd.d', '/etc/vulkan/icd.d'].map(namesIn),
  ];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory).sort();
  } catch {
    return [];
  }
}
