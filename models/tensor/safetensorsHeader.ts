/**
 * The header of a safetensors file, read with suspicion: its length must fit the file, its JSON must have the
 * format's shape, and the tensors it announces must cover the rest of the file exactly, without gap or overlap, as
 * the format demands.
 */
import { z } from 'zod';
import { WeightsError } from '../../shared/errors.ts';

/** The format's own limit. */
const LONGEST_HEADER = 100_000_000;

const count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

const tensorEntry = z.object({
  dtype: z.string(),
  shape: z.array(count),
  data_offsets: z.tuple([count, count]),
});

const metadataEntry = z.record(z.string(), z.string());

/** Where a tensor lies, counted from the end of the header. */
export type TensorEntry = z.infer<typeof tensorEntry>;

export interface Header {
  readonly entries: Readonly<Record<string, TensorEntry>>;
  readonly metadata: Readonly<Record<string, string>>;
  /** Where the tensors' bytes begin. */
  readonly start: number;
}

/** @throws WeightsError saying what is damaged */
export function readHeader(file: Uint8Array): Header {
  if (file.length < 8) throw damaged(`it has ${file.length} bytes, fewer than a header`);
  const length = Number(new DataView(file.buffer, file.byteOffset, 8).getBigUint64(0, true));
  const start = 8 + length;
  if (length > LONGEST_HEADER || start > file.length)
    throw damaged(`its header claims ${length} bytes and the file has ${file.length}`);
  const { __metadata__: free, ...rest } = parse(file.subarray(8, start));
  const metadata = metadataEntry.safeParse(free ?? {});
  if (!metadata.success) throw damaged('its metadata are not texts by name');
  const entries = Object.fromEntries(Object.entries(rest).map(([name, entry]) => [name, checked(name, entry)]));
  checkCoverage(entries, file.length - start);
  return { entries, metadata: metadata.data, start };
}

function parse(bytes: Uint8Array): Record<string, unknown> {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw damaged('its header is not JSON', error);
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header))
    throw damaged('its header is not an object');
  return header as Record<string, unknown>;
}

function checked(name: string, entry: unknown): TensorEntry {
  const result = tensorEntry.safeParse(entry);
  if (!result.success) throw damaged(`its header describes the tensor "${name}" wrongly`);
  return result.data;
}

function checkCoverage(entries: Readonly<Record<string, TensorEntry>>, size: number): void {
  const byPlace = Object.entries(entries).sort(
    ([, { data_offsets: a }], [, { data_offsets: b }]) => a[0] - b[0] || a[1] - b[1],
  );
  let covered = 0;
  for (const [name, { data_offsets }] of byPlace) {
    const [begin, end] = data_offsets;
    if (begin !== covered || end < begin)
      throw damaged(`the tensor "${name}" does not begin where the one before it ends`);
    if (end > size) throw damaged(`the tensor "${name}" ends at byte ${end} of ${size}: the file is cut short`);
    covered = end;
  }
  if (covered !== size) throw damaged(`${size - covered} bytes at its end belong to no tensor`);
}

function damaged(reason: string, cause?: unknown): WeightsError {
  return new WeightsError(`the safetensors file is damaged: ${reason}; fetch or train the weights again`, { cause });
}
