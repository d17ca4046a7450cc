import { hash53 } from './hash.ts';

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const BASE36 = BASE62.slice(0, 36);

/**
 * Generated ids carry their index, masked, beside a tag that only the right scope (seed, account, kind) explains.
 * So an id found anywhere leads back to its object without a table of ids, and another account's id leads nowhere.
 */
function seal(scope: string, index: number, bits: number): bigint {
  const size = 2 ** bits;
  const tag = hash53(`${scope}#${index}`) % size;
  const masked = (BigInt(index) ^ BigInt(hash53(`${scope}~${tag}`) % size)) & BigInt(size - 1);
  return (BigInt(tag) << BigInt(bits)) | masked;
}

function unseal(scope: string, sealed: bigint, bits: number): number | null {
  const size = 2 ** bits;
  const tag = Number(sealed >> BigInt(bits));
  const mask = BigInt(hash53(`${scope}~${tag}`) % size);
  const index = Number((sealed & BigInt(size - 1)) ^ mask);
  return hash53(`${scope}#${index}`) % size === tag ? index : null;
}

function toDigits(value: bigint, alphabet: string, length: number): string {
  const radix = BigInt(alphabet.length);
  let digits = '';
  for (let rest = value; digits.length < length; rest /= radix) {
    digits = (alphabet[Number(rest % radix)] ?? '') + digits;
  }
  return digits;
}

function fromDigits(digits: string, alphabet: string): bigint | null {
  let value = 0n;
  for (const digit of digits) {
    const position = alphabet.indexOf(digit);
    if (position < 0) return null;
    value = value * BigInt(alphabet.length) + BigInt(position);
  }
  return value;
}

function open(digits: string, alphabet: string, scope: string, bits: number): number | null {
  const value = fromDigits(digits, alphabet);
  return value === null || value >> BigInt(2 * bits) !== 0n ? null : unseal(scope, value, bits);
}

/** Three letters and 14 of base62, as Airtable's; indexes below 2^40. */
export const airtableId = {
  make: (prefix: string, scope: string, index: number): string =>
    prefix + toDigits(seal(`${scope}/${prefix}`, index, 40), BASE62, 14),
  index: (prefix: string, scope: string, id: string): number | null =>
    id.startsWith(prefix) && id.length === prefix.length + 14
      ? open(id.slice(prefix.length), BASE62, `${scope}/${prefix}`, 40)
      : null,
};

/** One letter and 10 of A-Z0-9, as Slack's; indexes below 2^24. */
export const slackId = {
  make: (prefix: string, scope: string, index: number): string => prefix + toDigits(seal(scope, index, 24), BASE36, 10),
  index: (prefixes: string, scope: string, id: string): number | null =>
    id.length === 11 && prefixes.includes(id.charAt(0)) ? open(id.slice(1), BASE36, scope, 24) : null,
};

/** A UUID that looks like version 4, as Notion's; indexes below 2^48. Read with or without dashes. */
export const uuid = {
  make(scope: string, index: number): string {
    const hex = seal(scope, index, 48).toString(16).padStart(24, '0');
    const filler = (hash53(`${scope}!${index}`) % 0x1000000).toString(16).padStart(6, '0');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(12, 15)}-a${hex.slice(15, 18)}-${hex.slice(18, 24)}${filler}`;
  },
  index(scope: string, id: string): number | null {
    const hex = id.replaceAll('-', '').toLowerCase();
    if (!/^[0-9a-f]{12}4[0-9a-f]{3}a[0-9a-f]{15}$/.test(hex)) return null;
    const index = unseal(scope, BigInt(`0x${hex.slice(0, 12)}${hex.slice(13, 16)}${hex.slice(17, 26)}`), 48);
    return index !== null && uuid.make(scope, index).replaceAll('-', '') === hex ? index : null;
  },
};

/** An opaque cursor of URL-safe characters (never shaped like a UUID); positions below 2^48. */
export const cursor = {
  make: (scope: string, position: number): string => toDigits(seal(`${scope}/cursor`, position, 48), BASE62, 17),
  position: (scope: string, text: string): number | null =>
    text.length === 17 ? open(text, BASE62, `${scope}/cursor`, 48) : null,
};
