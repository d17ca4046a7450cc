const encode = (text: string): string => Buffer.from(text).toString('base64');

/** A cursor as Slack's look, `=` and all: base64 of what the next page begins with. */
export function makeCursor(kind: 'team' | 'user', id: string, isEmptyPage = false): string {
  return encode(`${kind}:${id}${isEmptyPage ? ':' : ''}`);
}

export interface CursorTarget {
  readonly id: string;
  /** Whether the page it leads to has nothing on it but the next cursor. */
  readonly isEmptyPage: boolean;
}

export function readCursor(kind: 'team' | 'user', cursor: string): CursorTarget | null {
  const match = new RegExp(`^${kind}:(\\w{11})(:?)$`).exec(Buffer.from(cursor, 'base64').toString('latin1'));
  return match?.[1] === undefined ? null : { id: match[1], isEmptyPage: match[2] === ':' };
}
