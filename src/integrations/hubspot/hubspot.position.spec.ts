import { describe, expect, it } from '@jest/globals';
import { PositionExpired } from '../../items/item-source.ts';
import { positionText, readPosition } from './hubspot.position.ts';

describe('A position in a listing of HubSpot’s', () => {
  it.each([
    { stage: 'current', after: 'NTI1Cg==' },
    { stage: 'changed', after: '101' },
    { stage: 'archived' },
    { stage: 'archived', after: 'a:b' },
  ] as const)('is read as it was written: %j', (position) => {
    expect(readPosition(positionText(position), 'current')).toEqual(position);
  });

  it('is the start of the first part when there is none', () => {
    expect(readPosition(undefined, 'changed')).toEqual({ stage: 'changed' });
  });

  it.each(['102', '', 'deleted', 'changed:', 'changed:1 2', 'current:\n', `current:${'9'.repeat(600)}`])(
    'is not %j',
    (text) => {
      expect(() => readPosition(text, 'current')).toThrow(PositionExpired);
    },
  );
});
