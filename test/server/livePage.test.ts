import { request } from 'node:http';
import { describe, expect, test } from 'vitest';
import { AgentPool } from '../../server/agent/agentPool.ts';
import { defaultLiveServerConfig, startLiveServer } from '../../server/live/liveServer.ts';
import { fakeAgent } from './fakeAgent.ts';
import { liveServerUnderTest, page, token, worlds } from './liveServerUnderTest.ts';

const { startServer, port } = liveServerUnderTest();

describe('the page', () => {
  test('carries the token and keeps to itself', async () => {
    await startServer();
    const { status, headers, body } = await get('/');
    expect(status).toBe(200);
    expect(body).toContain(`<meta name="reverie-token" content="${token}"`);
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
    });
  });

  test.each([
    { path: '/assets/page.js', status: 200 },
    { path: '/assets/page.js?v=1', status: 200 },
    { path: '/../package.json', status: 404 },
    { path: '/%2e%2e/package.json', status: 404 },
    { path: '/assets/..%2f..%2fpackage.json', status: 404 },
    { path: '//evil.example/', status: 404 },
    { path: '/%ff%00', status: 404 },
    { path: '/socket', status: 404 },
  ])('answers $path with $status', async ({ path, status }) => {
    await startServer();
    expect((await get(path)).status).toBe(status);
  });

  test('is given to nobody under a foreign name, and to no other method', async () => {
    await startServer();
    const refused = await get('/', { headers: { host: 'evil.example' } });
    expect(refused.status).toBe(403);
    expect(refused.body).not.toContain(token);
    expect((await get('/', { method: 'POST' })).status).toBe(405);
    expect((await get('/', { method: 'HEAD' })).body).toBe('');
  });
});

test('a port that is in use is named', async () => {
  await startServer();
  const again = startLiveServer(
    {
      worlds,
      agents: new AgentPool(async () => fakeAgent()),
      page,
      settings: { world: 'line', seed: 0, rendererSteps: 1 },
      clock: { now: () => 0 },
      onDefect: () => {},
    },
    { ...defaultLiveServerConfig, host: '127.0.0.1', port: port(), token },
  );
  await expect(again).rejects.toThrow(`port ${port()} is in use`);
});

interface Answer {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** Sends the path as it is, which `fetch` would tidy up. */
function get(path: string, options: { headers?: Record<string, string>; method?: string } = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port: port(), path, ...options }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        body += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body }));
    });
    sent.on('error', reject);
    sent.end();
  });
}
