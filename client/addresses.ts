/**
 * Addresses beside the page, with the token that the server wrote into it: of its socket, and of whatever it gives out.
 */

/** The socket beside this page. */
export function socketAddress(): URL {
  const address = admitted('socket');
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
  return address;
}

/** An address beside this page. */
export function admitted(path: string): URL {
  const token = document.querySelector<HTMLMetaElement>('meta[name="reverie-token"]')?.content ?? '';
  const address = new URL(path, document.baseURI);
  address.search = new URLSearchParams({ token }).toString();
  return address;
}
