import { isJsonObject } from '../errors/json-object.ts';

/** A provider's answer as a JSON object. @returns undefined when it isn't one: not JSON is as unusable as JSON of another shape */
export function jsonObjectIn(body: Buffer): Readonly<Record<string, unknown>> | undefined {
  try {
    const parsed: unknown = JSON.parse(body.toString('utf8'));
    return isJsonObject(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}
