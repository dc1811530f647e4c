/**
 * A page without pixels: it speaks the protocol over a real socket, keeps all that it hears, and acknowledges frames
 * unless it is told not to.
 */
import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { Choice } from '../../client/pageState.ts';
import {
  type ClientMessage,
  PROTOCOL_VERSION,
  type ServerMessage,
  type ServerMessageOf,
  serverMessageSchema,
} from '../../shared/protocol/control.ts';
import { decodeFrameMessage, type FrameMessage } from '../../shared/protocol/frames.ts';

export interface TestPageOptions {
  readonly port: number;
  readonly token: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether frames are acknowledged; true unless told. */
  readonly acknowledges?: boolean;
}

export class TestPage {
  readonly messages: ServerMessage[] = [];
  readonly frames: FrameMessage[] = [];
  readonly socket: WebSocket;
  closeCode: number | undefined;
  acknowledges: boolean;
  private requests = 0;
  private readonly waiting = new Set<() => void>();

  constructor({ port, token, headers = {}, acknowledges = true }: TestPageOptions) {
    this.acknowledges = acknowledges;
    this.socket = new WebSocket(`ws://127.0.0.1:${port}/socket?token=${token}`, { headers });
    this.socket.binaryType = 'arraybuffer';
    this.socket.on('message', (data, isBinary) => {
      if (isBinary) this.hearFrames(decodeFrameMessage(data as ArrayBuffer));
      else this.messages.push(serverMessageSchema.parse(JSON.parse(String(data))));
      this.wake();
    });
    this.socket.on('close', (code) => {
      this.closeCode = code;
      this.wake();
    });
    this.socket.on('error', () => {});
  }

  /** The status with which an upgrade was refused. */
  async refusal(): Promise<number | undefined> {
    const [, response] = await once(this.socket, 'unexpected-response');
    return response.statusCode;
  }

  /** Connects and greets; resolves with the welcome. */
  async greet(
    resume?: string,
    session?: string,
    recording?: string,
    left?: string,
  ): Promise<ServerMessageOf<'welcome'>> {
    await once(this.socket, 'open');
    const asked = {
      ...(resume === undefined ? {} : { resume }),
      ...(session === undefined ? {} : { session }),
      ...(recording === undefined ? {} : { recording }),
      ...(left === undefined ? {} : { left }),
    };
    this.send({ type: 'hello', version: PROTOCOL_VERSION, ...asked });
    return this.message('welcome');
  }

  send(message: ClientMessage): void {
    this.sendRaw(JSON.stringify(message));
  }

  /** Sends what a person chose, with the next number. */
  ask(choice: Choice): void {
    this.requests++;
    this.send({ ...choice, request: this.requests });
  }

  sendRaw(data: string | Uint8Array): void {
    this.socket.send(data);
  }

  /** Acknowledges everything so far. */
  acknowledge(): void {
    const seq = this.frames.at(-1)?.seq;
    if (seq !== undefined) this.send({ type: 'ack', seq });
  }

  /** The first message of this type, heard or yet to come, that fits. */
  async message<T extends ServerMessage['type']>(
    type: T,
    fits: (message: ServerMessageOf<T>) => boolean = () => true,
  ): Promise<ServerMessageOf<T>> {
    const find = () =>
      this.messages.find(
        (message): message is ServerMessageOf<T> => message.type === type && fits(message as ServerMessageOf<T>),
      );
    await this.until(() => find() !== undefined, `a message '${type}'`);
    return find() as ServerMessageOf<T>;
  }

  /** The ticks heard so far. */
  ticks(): FrameMessage[] {
    return this.frames.filter(({ kind }) => kind === 'tick');
  }

  /** Waits until the page has heard enough; fails when its connection closes first. */
  async until(enough: () => boolean, what: string): Promise<void> {
    while (!enough()) {
      if (this.closeCode !== undefined) throw new Error(`closed with ${this.closeCode} before ${what}`);
      await new Promise<void>((resolve) => this.waiting.add(resolve));
    }
  }

  /** Waits for the end of the connection; resolves with its code. */
  async closed(): Promise<number> {
    while (this.closeCode === undefined) await new Promise<void>((resolve) => this.waiting.add(resolve));
    return this.closeCode;
  }

  /** Forgets what was heard. */
  forget(): void {
    this.messages.length = 0;
    this.frames.length = 0;
  }

  private hearFrames(message: FrameMessage): void {
    this.frames.push(message);
    if (this.acknowledges) this.send({ type: 'ack', seq: message.seq, drawMs: 1 });
  }

  private wake(): void {
    for (const resolve of this.waiting) resolve();
    this.waiting.clear();
  }
}
