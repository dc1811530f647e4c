/** The thread that a socket lives in: it follows orders, and hands on what comes without a copy. */
import type { SocketNews, SocketOrder } from './socketMessages.ts';

let socket: WebSocket | undefined;

addEventListener('message', ({ data: order }: MessageEvent<SocketOrder>) => {
  if (order.type === 'connect') socket = connect(order.address);
  else if (order.type === 'send') socket?.send(order.text);
  else socket?.close();
});

function connect(address: string): WebSocket {
  const opened = new WebSocket(address);
  opened.binaryType = 'arraybuffer';
  opened.addEventListener('open', () => tell({ type: 'open' }));
  opened.addEventListener('message', ({ data }: MessageEvent<string | ArrayBuffer>) =>
    tell({ type: 'message', data }, data instanceof ArrayBuffer ? [data] : []),
  );
  opened.addEventListener('close', () => tell({ type: 'close' }));
  return opened;
}

function tell(news: SocketNews, transfer: Transferable[] = []): void {
  postMessage(news, { transfer });
}
