/** https://docs.slack.dev/messaging/formatting-message-text, "Escaping text" */
export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** What people type, as a block. */
export function richText(scope: string, index: number, text: string): readonly unknown[] {
  const section = { type: 'rich_text_section', elements: [{ type: 'text', text }] };
  return [{ type: 'rich_text', block_id: `${scope.length}x${index}`, elements: [section] }];
}
