/**
 * The built page as the real server gives it out: with its token in the document and under its policy, so that a page
 * that breaks the policy is found out.
 */
import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { extname, join, normalize } from 'node:path';

export const TOKEN = 'a-token/that needs=escaping';
const TYPES: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };
const POLICY = {
  'content-security-policy':
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'",
};

/** Answers a request for one of the files in `directory`; 404 where there is none. */
export async function servePage(directory: string, url: string, response: ServerResponse): Promise<void> {
  const path = normalize(new URL(url, 'http://host').pathname);
  const name = path === '/' ? '/index.html' : path;
  const body = await readFile(join(directory, name)).catch(() => undefined);
  if (body === undefined) {
    response.writeHead(404).end('There is nothing here.');
    return;
  }
  response.writeHead(200, { ...POLICY, 'content-type': TYPES[extname(name)] ?? 'application/octet-stream' });
  const meta = `<meta name="reverie-token" content="${TOKEN}"></head>`;
  response.end(name === '/index.html' ? body.toString().replace('</head>', meta) : body);
}
