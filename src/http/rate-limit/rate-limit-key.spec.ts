import { describe, expect, it } from '@jest/globals';
import type { Socket } from 'node:net';
import type { Caller } from '../../callers/caller.ts';
import { addressKey, callerKey } from './rate-limit-key.ts';

const keyOf = (ip: string | undefined, remoteAddress: string | undefined = '192.0.2.1') =>
  addressKey({ ip, socket: { remoteAddress } as Socket });

describe('The key of an address', () => {
  it('is an IPv4 address itself, however it is written', () => {
    expect(keyOf('203.0.113.9')).toBe('203.0.113.9');
    expect(keyOf('::ffff:203.0.113.9')).toBe('203.0.113.9');
    expect(keyOf('::FFFF:cb00:7109')).toBe('203.0.113.9');
  });

  it('is one for a whole IPv6 /64, and another for the next', () => {
    const key = keyOf('2001:db8:1:2::1');
    expect(keyOf('2001:DB8:1:2:ffff:ffff:ffff:ffff')).toBe(key);
    expect(keyOf('2001:0db8:0001:0002:0:0:0:9')).toBe(key);
    expect(keyOf('2001:db8:1:3::1')).not.toBe(key);
    expect(keyOf('2001:db8:1:2::1%eth0')).toBe(key);
  });

  it('is that of the peer where a proxy names something that is no address', () => {
    for (const named of ['', 'unknown', '203.0.113.9:4711', '{x}', undefined]) expect(keyOf(named)).toBe('192.0.2.1');
  });

  it('is there for a peer that has already gone', () => {
    expect(addressKey({ ip: undefined, socket: {} as Socket })).toBe('unknown');
  });

  it('is a name the store takes', () => {
    for (const ip of ['203.0.113.9', '::1', 'fe80::1%eth0', '2001:db8::', undefined]) {
      expect(`ip:${keyOf(ip)}`).toMatch(/^[A-Za-z0-9_.:/-]{1,256}$/);
    }
  });
});

describe('The key of a caller', () => {
  const session = (userId: string, orgId: string, id = 'ses_1'): Caller => ({ kind: 'session', id, userId, orgId });

  it('is one for all sessions of a user of an organisation', () => {
    expect(callerKey(session('ann', 'acme', 'ses_1'))).toBe(callerKey(session('ann', 'acme', 'ses_2')));
    expect(callerKey(session('ann', 'acme'))).not.toBe(callerKey(session('bob', 'acme')));
    expect(callerKey(session('ann', 'acme'))).not.toBe(callerKey(session('ann', 'other')));
    expect(callerKey(session('a:b', 'c'))).not.toBe(callerKey(session('b', 'c:a')));
  });

  it('does not show who it is', () => {
    expect(callerKey(session('ann@example.com', 'acme'))).toMatch(/^[A-Za-z0-9_-]{43}$/);
  });

  it('is the client id of an API client', () => {
    expect(callerKey({ kind: 'api_client', id: 'cli_1', permissions: [], orgs: '*' })).toBe('cli_1');
  });
});
