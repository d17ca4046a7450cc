import { objects, text } from '../../items/provider-values.ts';

type Json = Readonly<Record<string, unknown>>;

/** Messages have no name: so much of what they say, in UTF-16 code units. */
const NAME_LENGTH = 200;
/** No message needs to be read further for that. */
const READ_LENGTH = 4_000;

/** "Escaping text": the three characters that Slack escapes, and no others. */
const ESCAPED: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>' };

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/**
 * What a message says, on one line and not too long; without a text, what is attached to it. Mentions stay as they are
 * (`<@U012A3CDE>`), since whom they mean would be a call for each.
 * @returns null when there is nothing to read
 */
export function messageName(message: Json): string | null {
  const attachments = objects(message['attachments']).flatMap(({ fallback, title, text: body }) => [
    fallback,
    title,
    body,
  ]);
  const files = objects(message['files']).flatMap(({ name, title }) => [name, title]);
  const readable = [message['text'], ...attachments, ...files].map(text).find((part) => part !== undefined);
  return readable === undefined ? null : onOneLine(readable);
}

function onOneLine(said: string): string | null {
  const start = said.trimStart();
  const line = start.slice(0, READ_LENGTH).replace(/\s+/gu, ' ').trim();
  const isWhole = start.length <= READ_LENGTH && line.length <= NAME_LENGTH;
  const kept = isWhole ? line : `${cut(line)}…`;
  return text(kept.toWellFormed().replace(/&(?:amp|lt|gt);/g, (entity) => ESCAPED[entity] ?? entity)) ?? null;
}

/** Between two characters as people see them, and not within a mention, a link or an escaped character. */
function cut(line: string): string {
  let kept = '';
  for (const { segment } of graphemes.segment(line)) {
    if (kept.length + segment.length > NAME_LENGTH) break;
    kept += segment;
  }
  return kept.replace(/<[^<>]*$|&[a-z]{0,3}$/, '').trimEnd();
}
