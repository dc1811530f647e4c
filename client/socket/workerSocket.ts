/**
 * A WebSocket in a thread of its own. Several futures of a plan come as one message of almost a megabyte, and to take it
 * off the wire costs a thread more than half of a frame's time; the page's is handed the finished buffer. Where the
 * browser runs no worker, the page takes it off the wire itself.
 */
import type { Socket } from '../connection.ts';
import { carriedSocket } from './carriedSocket.ts';
import type { SocketNews, SocketOrder } from './socketMessages.ts';

const { OPEN, CONNECTING, CLOSED } = WebSocket;

export class WorkerSocket implements Socket {
  private readonly worker = new Worker(new URL('./socketWorker.ts', import.meta.url), { type: 'module' });
  private readonly listeners = new Map<string, ((event: { readonly data: unknown }) => void)[]>();
  private order = (order: SocketOrder): void => this.worker.postMessage(order);
  private state: number = CONNECTING;

  /** Connects to an address of `ws:` or `wss:`. */
  constructor({ href: address }: URL) {
    this.worker.onmessage = ({ data }: MessageEvent<SocketNews>) => this.hear(data);
    this.worker.onerror = () => this.doWithout(address);
    this.order({ type: 'connect', address });
  }

  get readyState(): number {
    return this.state;
  }

  addEventListener(type: SocketNews['type'], listener: (event: { readonly data: unknown }) => void): void {
    this.listeners.set(type, [...(this.listeners.get(type) ?? []), listener]);
  }

  send(text: string): void {
    this.order({ type: 'send', text });
  }

  close(): void {
    this.order({ type: 'close' });
  }

  private hear(news: SocketNews): void {
    if (this.state === CLOSED) return;
    if (news.type === 'open') this.state = OPEN;
    else if (news.type === 'close') this.end();
    const event = { data: news.type === 'message' ? news.data : undefined };
    for (const listener of this.listeners.get(news.type) ?? []) listener(event);
  }

  /** The worker has failed: before it had a connection, the page makes one; after, that one is lost. */
  private doWithout(address: string): void {
    if (this.state !== CONNECTING) {
      this.hear({ type: 'close' });
      return;
    }
    this.order = carriedSocket((news) => this.hear(news));
    this.order({ type: 'connect', address });
  }

  /** A thread without its socket has nothing left to do. */
  private end(): void {
    this.state = CLOSED;
    this.worker.terminate();
  }
}
