import { isJsonObject } from '../errors/json-object.ts';

/*
 * Providers leave members out, send null, or change a type overnight. These read a value as what it should be, or not at
 * all, so that a mapper never throws on one odd record and never shows the word "null" to a person.
 */

/** @returns undefined for anything but a string with something visible in it */
export function text(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

/** The readable parts, joined with a space. @returns null when there are none */
export function joined(...parts: readonly unknown[]): string | null {
  const readable = parts.map(text).filter((part) => part !== undefined);
  return readable.length === 0 ? null : readable.map((part) => part.trim()).join(' ');
}

/** An ISO 8601 time or epoch milliseconds as RFC 3339 UTC. @returns null for anything else */
export function time(value: unknown): string | null {
  if (typeof value !== 'string' && typeof value !== 'number') return null;
  if (value === '') return null;
  const date = new Date(value);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}

/** Epoch seconds as RFC 3339 UTC. */
export function timeFromSeconds(value: unknown): string | null {
  return typeof value === 'number' && value > 0 ? time(value * 1000) : null;
}

/** An http(s) URL, or null: a `javascript:` one must never become a link. */
export function webUrl(value: unknown): string | null {
  const url = text(value);
  return url !== undefined && URL.canParse(url) && /^https?:$/.test(new URL(url).protocol) ? url : null;
}

export function object(value: unknown): Readonly<Record<string, unknown>> {
  return isJsonObject(value) ? value : {};
}

/** The JSON objects of an array; everything else in it is skipped. */
export function objects(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}
