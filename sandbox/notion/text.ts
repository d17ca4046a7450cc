const PLAIN = { bold: false, italic: false, strikethrough: false, underline: false, code: false, color: 'default' };

export type RichText = Readonly<Record<string, unknown>>;

/** Rich text of one run; empty for no text, as an untitled page has it. */
export function richText(text: string | null): RichText[] {
  if (text === null) return [];
  return [{ type: 'text', text: { content: text, link: null }, annotations: PLAIN, plain_text: text, href: null }];
}

/** A title that is a formula: no `text` member at all, only `equation` and `plain_text`. */
export function equation(expression: string): RichText[] {
  return [{ type: 'equation', equation: { expression }, annotations: PLAIN, plain_text: expression, href: null }];
}
