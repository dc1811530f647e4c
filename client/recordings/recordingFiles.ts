/**
 * The server's recordings, as the page asks for them by HTTP: the list, the address of one as a file, and a file of the
 * person's own, which the server checks and keeps before it is replayed. What goes wrong is a sentence for the person.
 */
import {
  type RecordingSummary,
  recordingKeptSchema,
  recordingListSchema,
  recordingRefusedSchema,
} from '../../shared/protocol/recordings.ts';

/** Why a recording could not be listed or opened, in a sentence. */
export class RecordingTrouble extends Error {}

export class RecordingFiles {
  private readonly address: (path: string) => URL;
  /** Replays the recording of this id; none goes back to live. */
  readonly show: (id: string | undefined) => void;

  /** `address` is that of a path beside the page, with the token. */
  constructor(address: (path: string) => URL, show: (id: string | undefined) => void) {
    this.address = address;
    this.show = show;
  }

  /** Newest first. @throws RecordingTrouble when the server does not say. */
  async list(): Promise<readonly RecordingSummary[]> {
    const parsed = recordingListSchema.safeParse(await answer(this.address('recordings')));
    if (!parsed.success)
      throw new RecordingTrouble('The server answered something else than its list; reload the page.');
    return parsed.data.recordings;
  }

  /** Where the file is. */
  download(id: string): string {
    return this.address(`recordings/${encodeURIComponent(id)}`).href;
  }

  /** Gives the file to the server; its id there. @throws RecordingTrouble saying why it is not taken. */
  async give(file: Blob): Promise<string> {
    const parsed = recordingKeptSchema.safeParse(
      await answer(this.address('recordings'), { method: 'POST', body: file }),
    );
    if (!parsed.success) throw new RecordingTrouble('The server answered something else than an id; reload the page.');
    return parsed.data.id;
  }
}

async function answer(address: URL, request: RequestInit = {}): Promise<unknown> {
  let response: Response;
  let body: unknown;
  try {
    response = await fetch(address, request);
    body = await response.json();
  } catch {
    throw new RecordingTrouble('The server did not answer, or the file is far too long for it; try again.');
  }
  if (response.ok) return body;
  const refused = recordingRefusedSchema.safeParse(body);
  throw new RecordingTrouble(
    refused.success ? refused.data.message : `The server answered ${response.status}; reload the page.`,
  );
}
