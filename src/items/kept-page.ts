import { promisify } from 'node:util';
import { deflateRaw, inflateRaw } from 'node:zlib';
import { Secret } from '../errors/secret.ts';
import type { IntegrationItem } from './integration-item.ts';
import type { LoadFailure, LoadPosition } from './load-position.ts';

/** A page as it was loaded, with all that is needed to show it again. */
export interface KeptPage {
  readonly items: readonly IntegrationItem[];
  /** Where the load went on; absent at its end. */
  readonly next?: LoadPosition;
  readonly failures: readonly LoadFailure[];
  /** When it was loaded, RFC 3339. */
  readonly as_of: string;
}

/** Which page it is, so that none can be taken for another. */
export interface PageMark {
  /** Of its record. */
  readonly id: string;
  /** Fingerprint of the position it begins at. */
  readonly start: string;
}

/** A page of 1,000 items is about half a megabyte of JSON. */
const MAX_JSON_BYTES = 2 * 1024 * 1024;

/** Beside its strings. */
const BYTES_OF_AN_ITEM = 256;
const BYTES_OF_A_PAGE = 1_024;

const deflate = promisify(deflateRaw);
const inflate = promisify(inflateRaw);

/** About as much memory as the page takes, at most. */
export function bytesHeld({ items }: KeptPage): number {
  let bytes = BYTES_OF_A_PAGE;
  for (const item of items) {
    bytes += BYTES_OF_AN_ITEM;
    for (const value of Object.values(item)) {
      if (typeof value === 'string') bytes += 2 * value.length;
      else if (Array.isArray(value)) for (const child of value as string[]) bytes += 16 + 2 * child.length;
    }
  }
  return bytes;
}

/** As text to be sealed, deflated: JSON of items shrinks to less than a quarter. @returns undefined when it is too large */
export async function packPage(mark: PageMark, page: KeptPage): Promise<Secret | undefined> {
  const json = boundedJson(mark, page);
  return json === undefined ? undefined : new Secret((await deflate(json)).toString('base64'));
}

/** @returns undefined for another page than the one that is marked so */
export async function unpackPage(mark: PageMark, packed: Secret): Promise<KeptPage | undefined> {
  const json = await inflate(Buffer.from(packed.reveal(), 'base64'), { maxOutputLength: MAX_JSON_BYTES });
  const { id, start, page } = JSON.parse(json.toString('utf8')) as PageMark & { readonly page: KeptPage };
  return id === mark.id && start === mark.start ? page : undefined;
}

/** Item by item, so that what is far too large isn't written out whole to find that out. */
function boundedJson({ id, start }: PageMark, { items, ...rest }: KeptPage): string | undefined {
  let left = MAX_JSON_BYTES;
  const texts: string[] = [];
  for (const item of items) {
    const text = JSON.stringify(item);
    left -= Buffer.byteLength(text) + 1;
    if (left < 0) return undefined;
    texts.push(text);
  }
  const head = JSON.stringify({ id, start });
  const json = `${head.slice(0, -1)},"page":{"items":[${texts.join(',')}],${JSON.stringify(rest).slice(1)}}`;
  return Buffer.byteLength(json) > MAX_JSON_BYTES ? undefined : json;
}
