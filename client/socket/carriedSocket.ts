/** A WebSocket that follows orders and tells news: in a worker of its own, or in the page where there is none. */
import type { SocketNews, SocketOrder } from './socketMessages.ts';

/** Returns what follows orders; the first is to connect. */
export function carriedSocket(tell: (news: SocketNews) => void): (order: SocketOrder) => void {
  let socket: WebSocket | undefined;
  return (order) => {
    if (order.type === 'connect') socket = connect(order.address, tell);
    else if (order.type === 'send') socket?.send(order.text);
    else socket?.close();
  };
}

function connect(address: string, tell: (news: SocketNews) => void): WebSocket {
  const socket = new WebSocket(address);
  socket.binaryType = 'arraybuffer';
  socket.addEventListener('open', () => tell({ type: 'open' }));
  socket.addEventListener('message', ({ data }: MessageEvent<string | ArrayBuffer>) => tell({ type: 'message', data }));
  socket.addEventListener('close', () => tell({ type: 'close' }));
  return socket;
}
