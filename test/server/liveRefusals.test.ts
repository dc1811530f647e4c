import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { goesOn, liveServerUnderTest, rawSocket } from './liveServerUnderTest.ts';
import type { TestPageOptions } from './testPage.ts';

const { startServer, port, open, watch } = liveServerUnderTest();

describe('what is refused', () => {
  test.each<{ what: string; options: Partial<TestPageOptions>; status: number }>([
    { what: 'a wrong token', options: { token: 'wrong' }, status: 401 },
    { what: 'a foreign origin', options: { headers: { origin: 'http://evil.example' } }, status: 403 },
    { what: 'a foreign host', options: { headers: { host: 'evil.example' } }, status: 403 },
  ])('$what opens no socket', async ({ options, status }) => {
    await startServer();
    expect(await open(options).refusal()).toBe(status);
  });

  test('a refused connection is cut, also where its client keeps it open', async () => {
    await startServer();
    const client = connect({ port: port(), host: '127.0.0.1', allowHalfOpen: true });
    let cut = false;
    client
      .on('error', () => {})
      .on('close', () => {
        cut = true;
      });
    client.write(
      'GET /socket?token=wrong HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
    );
    const [answer] = await once(client, 'data');
    expect(String(answer)).toMatch(/^HTTP\/1\.1 401 /);
    // What is written into a connection that is cut comes back as an error.
    const isCut = () => {
      client.write('and more');
      return cut;
    };
    await expect.poll(isCut, { timeout: 20_000, interval: 20 }).toBe(true);
  });

  test('one page more than fit', async () => {
    await startServer({ maxViewers: 1 });
    const watcher = await watch();
    expect(await open().refusal()).toBe(503);
    watcher.socket.terminate();
  });

  test.each([
    { what: 'text that is no JSON', data: '{', times: 3 },
    { what: 'another message than the protocol has', data: '{"type":"shutdown"}', times: 3 },
    { what: 'binary data', data: new Uint8Array(64), times: 3 },
    { what: 'a message that is cut short', data: '{"type":"transport","request":1,"comm', times: 3 },
    { what: 'a message with numbers out of range', data: '{"type":"ack","seq":1e999}', times: 3 },
    { what: 'a second hello', data: '{"type":"hello","version":1}', times: 3 },
  ])('$what is answered, and in the end cut off, and others are unharmed', async ({ data, times }) => {
    await startServer({ world: 'endless' });
    const [bystander, hostile] = [await watch(), await watch()];
    hostile.sendRaw(data);
    expect((await hostile.message('error')).code).toBe('bad-message');
    expect(hostile.closeCode).toBeUndefined();
    for (let i = 1; i < times; i++) hostile.sendRaw(data);
    expect(await hostile.closed()).toBe(1008);
    await goesOn(bystander);
  });

  test('an oversized message', async () => {
    await startServer();
    const hostile = await watch();
    hostile.sendRaw('x'.repeat(65 * 1024));
    expect(await hostile.closed()).toBe(1009);
  });

  test('a frame that is broken off, or of no kind that there is', async () => {
    await startServer({ world: 'endless' });
    const bystander = await watch();
    for (const bytes of [
      [0x83, 0x80, 0, 0, 0, 0],
      [0x81, 0x05, 1, 2, 3, 4, 5],
      [0xc1, 0x80, 0, 0, 0, 0],
    ]) {
      const hostile = await watch();
      rawSocket(hostile).write(Uint8Array.from(bytes));
      expect(await hostile.closed()).toBe(1002);
    }
    const broken = await watch();
    rawSocket(broken).end(Uint8Array.from([0x81, 0xfe, 0x10, 0x00, 1, 2, 3, 4, 5]));
    await broken.closed();
    await goesOn(bystander);
  });

  test('hundreds of connections that say nothing, or half of something, harm nobody', async () => {
    await startServer({ world: 'endless' });
    const bystander = await watch();
    const half = Array.from({ length: 500 }, (_, i) => {
      const socket = connect(port(), '127.0.0.1');
      socket.on('error', () => {});
      if (i % 2 === 0) socket.write('GET /socket?token=a-secret HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: webso');
      return socket;
    });
    await Promise.all(half.map((socket) => once(socket, 'connect')));
    await goesOn(bystander);
    expect((await open().greet()).type).toBe('welcome');
    for (const socket of half) socket.destroy();
  });

  test('ten thousand messages at once', async () => {
    await startServer({ world: 'endless' });
    const [bystander, hostile] = [await watch(), await watch({ acknowledges: false })];
    for (let i = 0; i < 10_000; i++) hostile.send({ type: 'ack', seq: 0 });
    // Refused; or, where the goodbye is overtaken by what still comes in, cut.
    expect([1008, 1006]).toContain(await hostile.closed());
    await goesOn(bystander);
  });

  test('a flood', async () => {
    await startServer({ viewer: { rate: { perSecond: 1, burst: 20 } } });
    const hostile = await watch({ acknowledges: false });
    for (let i = 0; i < 50; i++) hostile.send({ type: 'ack', seq: 0 });
    expect((await hostile.message('error')).code).toBe('flood');
    expect(await hostile.closed()).toBe(1008);
  });

  test('a page of another version, or that does not say hello', async () => {
    await startServer({ viewer: { helloMs: 50 } });
    const old = open();
    old.socket.once('open', () => old.send({ type: 'hello', version: 99 }));
    expect((await old.message('error')).message).toContain('version 99');
    expect(await old.closed()).toBe(1008);
    const rude = open();
    rude.socket.once('open', () => rude.ask({ type: 'transport', command: 'play' }));
    expect((await rude.message('error')).code).toBe('no-hello');
    const silent = open();
    expect(await silent.closed()).toBe(1008);
  });
});
