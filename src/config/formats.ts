import { BlockList, isIP } from 'node:net';

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/** Whether a host name or address can only mean this machine. */
export function isLoopbackHost(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '').toLowerCase();
  if (bare === 'localhost') return true;
  const family = isIP(bare);
  return family !== 0 && LOOPBACK.check(bare, family === 4 ? 'ipv4' : 'ipv6');
}

function parse(value: string): URL | undefined {
  return URL.canParse(value) ? new URL(value) : undefined;
}

/** `https://host[:port]`, or the same with http; nothing after it. */
export function isOrigin(value: string): boolean {
  const url = parse(value);
  return url !== undefined && /^https?:$/.test(url.protocol) && (value === url.origin || value === `${url.origin}/`);
}

/** An https URL, or http on a loopback host; no credentials, no fragment. */
export function isServerUrl(value: string): boolean {
  const url = parse(value);
  if (url === undefined || url.username !== '' || url.password !== '' || url.hash !== '') return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopbackHost(url.hostname));
}

export function isRedisUrl(value: string): boolean {
  const url = parse(value);
  return url !== undefined && /^rediss?:$/.test(url.protocol) && url.hostname !== '';
}

export function isCidr(value: string): boolean {
  const [address = '', prefix, ...rest] = value.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  // A prefix of 0 would mean everyone, and nobody can be trusted by then.
  return prefix === undefined || (/^[1-9]\d{0,2}$/.test(prefix) && Number(prefix) <= (family === 4 ? 32 : 128));
}

/** `kid:base64,…` in form only; what a key must be worth is the key ring's business. */
export function isEncryptionKeyList(value: string): boolean {
  return value.split(',').every((entry) => /^\s*[A-Za-z0-9_-]{1,32}:[A-Za-z0-9+/_-]+={0,2}\s*$/.test(entry));
}
