import { PositionExpired } from '../../items/item-source.ts';

/** Which part of a listing a position lies in. */
export type Stage =
  /** What there is now. */
  | 'current'
  /** What changed since some time. */
  | 'changed'
  /** What lies in the bin, and owners who left. */
  | 'archived';

export interface Position {
  readonly stage: Stage;
  /** Absent: at its beginning. */
  readonly after?: string;
}

/** `stage`, or `stage:after`. */
const FORM = /^(current|changed|archived)(?::([\x21-\x7e]{1,512}))?$/;

export function positionText({ stage, after }: Position): string {
  return after === undefined ? stage : `${stage}:${after}`;
}

/** @throws PositionExpired for what is none, as those of an earlier version are */
export function readPosition(text: string | undefined, start: Stage): Position {
  if (text === undefined) return { stage: start };
  const [, stage, after] = FORM.exec(text) ?? [];
  if (stage === undefined) throw new PositionExpired('This is no position in a listing of HubSpot’s.');
  return { stage: stage as Stage, ...(after === undefined ? {} : { after }) };
}
