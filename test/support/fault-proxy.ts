import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** What happens to bytes on their way, in both directions unless it says otherwise. */
export interface WireFault {
  /** Answers arrive so much later. */
  readonly delayMs?: number;
  /** No more than so much a second. */
  readonly bytesPerSecond?: number;
  /** Answers come a byte at a time, one each so many milliseconds. */
  readonly dripMs?: number;
  /** Nothing goes on any more, and nobody is told. */
  readonly stalled?: boolean;
  /** The other side hears us, but we don't hear it. */
  readonly halfOpen?: boolean;
}

/** Stands between two programs on a real socket and spoils what goes through. */
export interface FaultProxy {
  readonly port: number;
  /** Connections that are open now. */
  readonly connections: number;
  /** From now on, for connections that are open as well. `{}`: all is well again. */
  spoil(fault: WireFault): void;
  /** Resets every open connection. New ones are served, unless `refuse` is said. */
  cut(): void;
  /** Resets every connection as soon as it comes, until `spoil`. */
  refuse(): void;
  close(): Promise<void>;
}

/** @param target where connections lead */
export async function startFaultProxy(target: { readonly host: string; readonly port: number }): Promise<FaultProxy> {
  const proxy = new RunningProxy(target);
  await proxy.listen();
  return proxy;
}

class RunningProxy implements FaultProxy {
  readonly #target: { readonly host: string; readonly port: number };
  readonly #server: Server;
  readonly #pairs = new Set<Pair>();
  #fault: WireFault = {};
  #refuses = false;

  constructor(target: { readonly host: string; readonly port: number }) {
    this.#target = target;
    this.#server = createServer((near) => this.#join(near));
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get connections(): number {
    return this.#pairs.size;
  }

  listen(): Promise<void> {
    return new Promise((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  spoil(fault: WireFault): void {
    this.#refuses = false;
    this.#fault = fault;
    for (const pair of this.#pairs) pair.goOn();
  }

  cut(): void {
    for (const pair of this.#pairs) pair.end();
  }

  refuse(): void {
    this.#refuses = true;
    this.cut();
  }

  close(): Promise<void> {
    this.cut();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  #join(near: Socket): void {
    if (this.#refuses) {
      near.on('error', () => undefined).resetAndDestroy();
      return;
    }
    const fault = () => this.#fault;
    const pair: Pair = new Pair(near, connect(this.#target), fault, () => this.#pairs.delete(pair));
    this.#pairs.add(pair);
  }
}

/** One connection: what comes near goes far, and back. */
class Pair {
  readonly #sockets: readonly [Socket, Socket];
  readonly #ways: readonly [OneWay, OneWay];

  constructor(near: Socket, far: Socket, fault: () => WireFault, ended: () => unknown) {
    this.#sockets = [near, far];
    this.#ways = [new OneWay(near, far, 'there', fault), new OneWay(far, near, 'back', fault)];
    for (const socket of this.#sockets) {
      socket.on('error', () => undefined);
      socket.once('close', () => {
        this.end();
        ended();
      });
    }
  }

  goOn(): void {
    for (const way of this.#ways) way.goOn();
  }

  end(): void {
    for (const way of this.#ways) way.end();
    for (const socket of this.#sockets) if (!socket.destroyed) socket.resetAndDestroy();
  }
}

interface Parcel {
  readonly bytes: Buffer;
  readonly cameAt: number;
}

class OneWay {
  readonly #to: Socket;
  readonly #direction: 'there' | 'back';
  readonly #fault: () => WireFault;
  readonly #waiting: Parcel[] = [];
  #freeAt = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(from: Socket, to: Socket, direction: 'there' | 'back', fault: () => WireFault) {
    this.#to = to;
    this.#direction = direction;
    this.#fault = fault;
    from.on('data', (bytes: Buffer) => {
      this.#waiting.push({ bytes, cameAt: performance.now() });
      this.goOn();
    });
  }

  /** Sends what may go now, and comes back for what may go later. */
  goOn(): void {
    clearTimeout(this.#timer);
    for (;;) {
      const [parcel] = this.#waiting;
      if (parcel === undefined || this.#isStopped()) return;
      const delayMs = this.#direction === 'back' ? (this.#fault().delayMs ?? 0) : 0;
      const waitMs = Math.max(parcel.cameAt + delayMs, this.#freeAt) - performance.now();
      if (waitMs > 0) {
        this.#timer = setTimeout(() => this.goOn(), waitMs);
        return;
      }
      this.#send(parcel);
    }
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#waiting.length = 0;
  }

  #isStopped(): boolean {
    const { stalled, halfOpen } = this.#fault();
    return stalled === true || (halfOpen === true && this.#direction === 'back');
  }

  /** As much of the oldest parcel as may go at once. */
  #send(parcel: Parcel): void {
    const { bytesPerSecond, dripMs } = this.#fault();
    const isDripped = dripMs !== undefined && this.#direction === 'back';
    const length = isDripped ? 1 : Math.min(parcel.bytes.length, bytesPerSecond ?? Infinity);
    const costMs = isDripped ? dripMs : bytesPerSecond === undefined ? 0 : (1_000 * length) / bytesPerSecond;
    this.#waiting.shift();
    if (length < parcel.bytes.length)
      this.#waiting.unshift({ bytes: parcel.bytes.subarray(length), cameAt: parcel.cameAt });
    this.#freeAt = performance.now() + costMs;
    this.#to.write(parcel.bytes.subarray(0, length));
  }
}
