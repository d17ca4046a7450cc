/** As much of autocannon 9 as is used here; it comes without types. */
declare module 'autocannon' {
  interface Options {
    readonly url: string;
    readonly method?: 'GET' | 'POST';
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string;
    /** Requests a second of all connections together. */
    readonly overallRate?: number;
    /** Threads to send from. */
    readonly workers?: number;
    readonly requests?: readonly {
      readonly method: 'GET' | 'POST';
      readonly body: string;
      /** Asked before each request for what is to be sent. */
      readonly setupRequest: (request: object) => object;
    }[];
    readonly connections: number;
    /** Seconds. */
    readonly duration: number;
  }

  interface Result {
    readonly '2xx': number;
    readonly non2xx: number;
    readonly errors: number;
    /** Seconds. */
    readonly duration: number;
    /** Milliseconds. */
    readonly statusCodeStats: Readonly<Record<string, { readonly count: number }>>;
    readonly latency: { readonly p50: number; readonly p99: number };
  }

  export default function autocannon(options: Options): Promise<Result>;
}
