import { describe, expect, it } from '@jest/globals';
import { readConnectionMessage } from './connection-message.ts';
import { readReturned } from './returned.ts';

const ORIGIN = 'http://localhost:8000';
const message = { type: 'patchbay.connection', integration: 'notion', status: 'connected', state: 's1' };

describe('what the callback page says', () => {
  it('is heard from our own origin', () => {
    expect(readConnectionMessage({ origin: ORIGIN, data: message }, ORIGIN)).toEqual(message);
  });

  it.each(['http://localhost:8001', 'https://localhost:8000', 'null', ''])(
    'is ignored from the origin %p',
    (origin) => {
      expect(readConnectionMessage({ origin, data: message }, ORIGIN)).toBeNull();
    },
  );

  it.each([
    null,
    'connected',
    { ...message, type: 'other' },
    { ...message, state: undefined },
    { ...message, status: 'pending' },
    { ...message, integration: 3 },
  ])('is ignored in the shape %j', (data) => {
    expect(readConnectionMessage({ origin: ORIGIN, data }, ORIGIN)).toBeNull();
  });
});

describe('how a person came back in the same tab', () => {
  it('is read from the query', () => {
    expect(readReturned('?status=failed&error=access_denied')).toEqual({
      ...{ status: 'failed', error: 'access_denied', connectionId: null },
    });
    expect(readReturned('?status=connected&connection_id=c1')).toEqual({
      ...{ status: 'connected', error: null, connectionId: 'c1' },
    });
  });

  it('is nothing on an ordinary visit', () => {
    expect(readReturned('')).toBeNull();
    expect(readReturned('?status=hacked')).toBeNull();
  });

  it('repeats no text that a stranger put into the link', () => {
    expect(readReturned('?status=failed&error=Call+0800+for+help')).toEqual({
      status: 'failed',
      error: null,
      connectionId: null,
    });
  });
});
