import { describe, expect, it } from '@jest/globals';
import { Observable } from '../state/observable.ts';
import type { AttemptPhase, ConnectAttempt } from './connect-attempts.ts';
import { tellHost, type HostMessage } from './host-page.ts';

const attempt = (id: string, phase: AttemptPhase): ConnectAttempt => ({
  ...{ id, phase, integration: 'notion', before: [], renewing: null },
  owner: { userId: 'ann', orgId: 'acme' },
});

function scene() {
  const attempts = new Observable<readonly ConnectAttempt[]>([]);
  const heard: HostMessage[] = [];
  const stop = tellHost(attempts, (message) => heard.push(message));
  return { attempts, heard, stop };
}

describe('The page around a connect page', () => {
  it('hears how an attempt ended, once', () => {
    const { attempts, heard } = scene();
    attempts.set([attempt('1', { name: 'preparing' })]);
    expect(heard).toEqual([]);
    attempts.set([attempt('1', { name: 'connected', connectionId: 'con_1' })]);
    attempts.set([attempt('1', { name: 'connected', connectionId: 'con_1' }), attempt('2', { name: 'denied' })]);
    expect(heard).toEqual([
      { type: 'patchbay.connection', integration: 'notion', status: 'connected', connection_id: 'con_1' },
      { type: 'patchbay.connection', integration: 'notion', status: 'denied' },
    ]);
  });

  it('hears of a failure with its code, and of nothing that is undecided or given up', () => {
    const { attempts, heard } = scene();
    attempts.set([
      attempt('1', { name: 'failed', error: 'provider_error' }),
      attempt('2', { name: 'expired' }),
      attempt('3', { name: 'cancelled' }),
    ]);
    expect(heard).toEqual([
      { type: 'patchbay.connection', integration: 'notion', status: 'failed', error: 'provider_error' },
    ]);
  });

  it('hears nothing more once it has been stopped', () => {
    const { attempts, heard, stop } = scene();
    stop();
    attempts.set([attempt('1', { name: 'denied' })]);
    expect(heard).toEqual([]);
  });
});
