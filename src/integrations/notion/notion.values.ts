import { object, objects, text } from '../../items/provider-values.ts';

export type Json = Readonly<Record<string, unknown>>;

const UUID = /^[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}$/i;
/** Blocks and comments hold prose; what a list shows of it is its beginning. */
const EXCERPT_LENGTH = 256;

/** @returns undefined for what is no UUID, and has no business in a path */
export function notionId(value: unknown): string | undefined {
  return typeof value === 'string' && UUID.test(value) ? value : undefined;
}

/** "Parent object": `{type: "page_id", page_id: …}`; the workspace itself has no id. */
export function parentId(parent: unknown): string | null {
  const known = object(parent);
  const type = text(known['type']);
  return type === undefined || type === 'workspace' ? null : (notionId(known[type]) ?? null);
}

/** "Rich text": text in pieces. @returns null for one with nothing to read */
export function plainText(richText: unknown): string | null {
  const pieces = objects(richText).map((piece) => piece['plain_text']);
  const whole = pieces.filter((piece) => typeof piece === 'string').join('');
  return text(whole)?.trim() ?? null;
}

/** The beginning of a longer text, in one line, whole characters only. */
export function excerpt(whole: string | null): string | null {
  // A character is two units at most, so what is looked at is bounded however long the text is.
  const line =
    whole
      ?.slice(0, EXCERPT_LENGTH * 8)
      .replace(/\s+/g, ' ')
      .trim() ?? '';
  if (line === '') return null;
  const characters = Array.from(line);
  return characters.length <= EXCERPT_LENGTH
    ? line
    : `${characters
        .slice(0, EXCERPT_LENGTH - 1)
        .join('')
        .trimEnd()}…`;
}

/** The minute something lies in, as RFC 3339; Notion keeps no finer times. @returns undefined for what is no time */
export function minuteOf(value: unknown): string | undefined {
  const ms = typeof value === 'string' ? Date.parse(value) : NaN;
  return Number.isNaN(ms) ? undefined : new Date(Math.floor(ms / 60_000) * 60_000).toISOString();
}

export function minuteAfter(minute: string): string {
  return new Date(Date.parse(minute) + 60_000).toISOString();
}
