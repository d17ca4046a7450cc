import { Draw } from '../core/draw.ts';
import { titleOf } from '../core/names.ts';
import { blockId, syncedOriginal, type BlockLook, type BlockRef } from './block-tree.ts';
import type { NotionData } from './data.ts';
import { equation, richText, type RichText } from './text.ts';
import type { NotionVersion } from './versions.ts';

type Json = Readonly<Record<string, unknown>>;

/** A `type` and its content, as "Block" has them. */
export function contentOf(data: NotionData, block: BlockRef, look: BlockLook, version: NotionVersion): Json {
  const number = data.pageNumber(block.page) * 512 + block.ordinal;
  const draw = new Draw(`${data.scope}/block-content/${number}`);
  const written = { rich_text: textOf(data, number, draw), color: 'default' };
  switch (look) {
    case 'to_do':
      return of(look, { ...written, checked: draw.oneIn(2) });
    case 'toggle':
    case 'heading_1':
    case 'heading_4':
      return of(look, { ...written, is_toggleable: false });
    case 'code':
      return of(look, { rich_text: richText('const answer = 42;'), caption: [], language: 'typescript' });
    case 'callout':
      return of(look, { ...written, icon: { type: 'emoji', emoji: '💡' } });
    case 'divider':
    case 'table_of_contents':
    case 'column_list':
    case 'column':
      return of(look, look === 'table_of_contents' ? { color: 'default' } : {});
    case 'equation':
      return of(look, { expression: 'E = mc^2' });
    case 'table':
      return of(look, { table_width: 2, has_column_header: false, has_row_header: false });
    case 'table_row':
      return of(look, { cells: [richText(`Cell ${number}`), richText(null)] });
    case 'synced_block':
      return of(look, { synced_from: null });
    case 'synced_copy':
      return of('synced_block', { synced_from: { type: 'block_id', block_id: blockId(data, syncedOriginal()) } });
    case 'meeting_notes':
      // Its name before 2026-03-11.
      return of(version < '2026-03-11' ? 'transcription' : look, {
        title: richText('Weekly sync'),
        status: 'notes_ready',
      });
    case 'link_to_page':
      return of(look, { type: 'page_id', page_id: data.pageId(block.page) });
    case 'unsupported':
      return of(look, { block_type: 'form' });
    case 'bookmark':
    case 'embed':
    case 'link_preview':
      return of(look, {
        url: `https://example.com/links/${number}`,
        ...(look === 'link_preview' ? {} : { caption: [] }),
      });
    case 'image':
    case 'hosted_image':
    case 'video':
    case 'pdf':
    case 'file':
    case 'audio':
      return fileOf(look, number);
    default:
      return of(look, written);
  }
}

function of(type: string, content: Json): Json {
  return { type, [type]: content };
}

/** Notion's own files have signed addresses that end within the hour. */
function fileOf(look: 'image' | 'hosted_image' | 'video' | 'pdf' | 'file' | 'audio', number: number): Json {
  const endings = { image: 'png', hosted_image: 'jpg', video: 'mp4', pdf: 'pdf', file: 'csv', audio: 'mp3' };
  const name = `attachment-${number}.${endings[look]}`;
  const url = `https://files.example.com/${name}`;
  const hosted = {
    type: 'file',
    file: { url: `${url}?X-Amz-Signature=${'0'.repeat(64)}`, expiry_time: '2026-10-30T13:00:00.000Z' },
  };
  const external = { type: 'external', external: { url } };
  const isNamed = look === 'file' || look === 'pdf' || look === 'audio';
  const content = { caption: [], ...(look === 'image' || look === 'video' ? external : hosted) };
  return of(look === 'hosted_image' ? 'image' : look, isNamed ? { ...content, name } : content);
}

/** One run as a rule; now and then an equation, nothing, or the most a block can hold. */
function textOf(data: NotionData, number: number, draw: Draw): RichText[] {
  if (draw.oneIn(30)) return equation('a^2 + b^2');
  if (draw.oneIn(50)) return Array.from({ length: 50 }, () => richText('lorem ipsum '.repeat(166))).flat();
  return richText(titleOf(`${data.scope}/block-text`, number));
}
