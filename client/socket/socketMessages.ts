/** What passes between the page and the worker that holds its socket. */

/** To the worker: where to connect to, once and first; then texts to send, or to close. */
export type SocketOrder =
  | { readonly type: 'connect'; readonly address: string }
  | { readonly type: 'send'; readonly text: string }
  | { readonly type: 'close' };

/** From the worker: what became of the socket, and what has come on it. */
export type SocketNews =
  | { readonly type: 'open' }
  | { readonly type: 'message'; readonly data: string | ArrayBuffer }
  | { readonly type: 'close' };
