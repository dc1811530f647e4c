/**
 * Where the main thread is at this moment, asked from another thread: the inspector interrupts even a loop that never
 * ends, and its call stack names the function and the line of the world's own code, through the source map that its
 * compilation left.
 */
import { type Debugger, Session } from 'node:inspector';
import { SourceMap } from 'node:module';
import { fileURLToPath } from 'node:url';

/**
 * The innermost function that is running and is not claimed by `isOurs`, as `step (/home/me/myWorld.ts:12)`;
 * `undefined` when nothing runs, because the thread waits for something.
 * @param milliseconds how long to wait for an answer
 */
export function placeOfMainThread(
  isOurs: (address: string) => boolean,
  milliseconds: number,
): Promise<string | undefined> {
  const session = new Session();
  return new Promise((resolve) => {
    const scripts = new Map<string, Debugger.ScriptParsedEventDataType>();
    setTimeout(() => resolve(undefined), milliseconds);
    session.connectToMainThread();
    session.on('Debugger.scriptParsed', ({ params }) => scripts.set(params.scriptId, params));
    session.on('Debugger.paused', ({ params }) => {
      const places = params.callFrames.map((frame) => placeOf(frame, scripts.get(frame.location.scriptId)));
      const foreign = places.filter(({ address }) => !address.startsWith('node:') && !isOurs(address));
      const place = foreign.find(({ address }) => !address.includes('/node_modules/')) ?? foreign[0];
      resolve(place && inWords(place));
    });
    session.post('Debugger.enable', () => session.post('Debugger.pause'));
  });
}

interface Place {
  /** Of the function, if it has one. */
  readonly name: string;
  /** Address of the source. */
  readonly address: string;
  /** From 1. */
  readonly line: number;
}

function placeOf(frame: Debugger.CallFrame, script: Debugger.ScriptParsedEventDataType | undefined): Place {
  const { lineNumber, columnNumber = 0 } = frame.location;
  const name = frame.functionName;
  const address = script?.url || frame.url;
  const line = originalLine(script?.sourceMapURL, lineNumber, columnNumber) ?? lineNumber + 1;
  return { name, address, line };
}

/** The line in the source that was compiled, from 1; `undefined` when there is no map of it. */
function originalLine(map: string | undefined, line: number, column: number): number | undefined {
  const encoded = /^data:application\/json[^,]*;base64,(.*)$/s.exec(map ?? '')?.[1];
  if (encoded === undefined) return undefined;
  try {
    const entry = new SourceMap(JSON.parse(Buffer.from(encoded, 'base64').toString())).findEntry(line, column);
    return 'originalLine' in entry ? entry.originalLine + 1 : undefined;
  } catch {
    return undefined;
  }
}

function inWords({ name, address, line }: Place): string {
  const file = address.startsWith('file:') ? fileURLToPath(address.split('?')[0] ?? address) : address;
  return name ? `${name} (${file}:${line})` : `${file}:${line}`;
}
