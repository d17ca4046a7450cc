/** Where a walk over every master stands. */
export interface WalkCursor {
  /** Which of the masters, counted from 0. */
  readonly node: number;
  /** SCAN's own cursor; `0` at a master's beginning. */
  readonly scan: string;
  /** A hash of the masters' addresses at that time. */
  readonly names: string;
  /** The process that gave SCAN's cursor; empty at a master's beginning. */
  readonly server: string;
}

export const WALK_START: WalkCursor = { node: 0, scan: '0', names: '', server: '' };

export function walkCursor({ node, scan, names, server }: WalkCursor): string {
  return [node, scan, server, names].join(' ');
}

/** @throws TypeError when it isn't what walkCursor made. */
export function parseWalkCursor(text: string): WalkCursor {
  const [, node, scan, server, names] = /^(\d{1,4}) (\d{1,20}) (\w*) ([\w-]{43})$/.exec(text) ?? [];
  if (node === undefined || scan === undefined || server === undefined || names === undefined) {
    throw new TypeError('This is no cursor of a walk.');
  }
  return { node: Number(node), scan, server, names };
}
