/** For endpoints that take no query: an unknown parameter is refused there as everywhere. */
// eslint-disable-next-line @typescript-eslint/no-extraneous-class -- what it holds is what it allows: nothing
export class NoQuery {}
