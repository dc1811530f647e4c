/** The thread that a socket lives in; what comes is handed on without a copy. */
import { carriedSocket } from './carriedSocket.ts';
import type { SocketOrder } from './socketMessages.ts';

const follow = carriedSocket((news) => {
  const buffers = news.type === 'message' && news.data instanceof ArrayBuffer ? [news.data] : [];
  postMessage(news, { transfer: buffers });
});

addEventListener('message', ({ data }: MessageEvent<SocketOrder>) => follow(data));
