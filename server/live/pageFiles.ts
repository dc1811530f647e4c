/**
 * The built page, held in memory by address. Requests only ever look an address up, so that no path of a request
 * reaches the file system.
 */
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { ServerError } from '../../shared/errors.ts';

export interface PageFile {
  readonly type: string;
  readonly body: Buffer;
  /** Whether the name changes whenever the content does. */
  readonly immutable: boolean;
}

/** The files of a page by address: `/index.html`, `/assets/…`. */
export type PageFiles = ReadonlyMap<string, PageFile>;

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.map': 'application/json; charset=utf-8',
};

/**
 * Reads a built page.
 * @throws ServerError when the directory holds no `index.html`.
 */
export async function readPageFiles(directory: string): Promise<PageFiles> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async ({ name, parentPath }) => {
        const path = join(parentPath, name);
        const address = `/${relative(directory, path).split(sep).join('/')}`;
        const type = TYPES[extname(name)] ?? 'application/octet-stream';
        return [address, { type, body: await readFile(path), immutable: address.startsWith('/assets/') }] as const;
      }),
  );
  const page = new Map(files);
  if (!page.has('/index.html'))
    throw new ServerError(`there is no built page in ${directory}; build it with \`npm run build\``);
  return page;
}

/** The page with the token that lets it open a socket. */
export function withToken(index: Buffer, token: string): Buffer {
  const head = `<head>\n    <meta name="reverie-token" content="${token}" />`;
  return Buffer.from(String(index).replace('<head>', () => head)); // as it is, whatever `$` might mean in it
}
