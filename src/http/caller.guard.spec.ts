import { describe, expect, it } from '@jest/globals';
import type { ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { CallableWith, ClientsOnly, PermittedOnly, Public, SessionsOnly } from '../callers/access.ts';
import type { CallerAuthenticator } from '../callers/caller-authenticator.ts';
import { PERMISSIONS, type Caller } from '../callers/caller.ts';
import type { AppConfig } from '../config/app-config.ts';
import { CallerGuard } from './caller.guard.ts';

const CLIENT: Caller = { kind: 'api_client', id: 'cli_1', permissions: PERMISSIONS, orgs: '*' };
const SESSION: Caller = { kind: 'session', id: 'ses_1', userId: 'ann', orgId: 'acme' };

class Routes {
  said(): void {}
  @SessionsOnly() sessions(): void {}
  @ClientsOnly('tokens:read') clients(): void {}
  @CallableWith('any') callers(): void {}
  @PermittedOnly('operations:read') permitted(): void {}
  @Public('a test asks') open(): void {}
}

function enter(route: keyof Routes, caller: Caller): Promise<boolean> {
  const authenticator = { authenticate: () => Promise.resolve(caller) } as unknown as CallerAuthenticator;
  const config = { publicUrl: 'http://localhost:8000', allowedOrigins: [], host: '127.0.0.1', port: 8000 };
  const request = {
    ...{ url: '/x', method: 'GET', headers: { host: 'localhost:8000' }, rawHeaders: [] },
    ...{ query: {}, body: undefined, route: { path: '/x' } },
  };
  const context = {
    switchToHttp: () => ({ getRequest: () => request, getResponse: () => ({}) }),
    getHandler: (): unknown => Reflect.get(Routes.prototype, route),
    getClass: () => Routes,
  } as unknown as ExecutionContext;
  return new CallerGuard(new Reflector(), authenticator, config as unknown as AppConfig).canActivate(context);
}

describe('A route', () => {
  it('that says nothing of its callers is closed to everybody, whatever they may', async () => {
    for (const caller of [CLIENT, SESSION]) {
      await expect(enter('said', caller)).rejects.toMatchObject({ code: 'forbidden' });
    }
  });

  it.each<[string, keyof Routes, Caller, boolean]>([
    ['for sessions', 'sessions', SESSION, true],
    ['for sessions', 'sessions', CLIENT, false],
    ['for clients', 'clients', CLIENT, true],
    ['for clients', 'clients', SESSION, false],
    ['for clients with another permission', 'clients', { ...CLIENT, permissions: ['items:read'] }, false],
    ['for all callers', 'callers', { ...CLIENT, permissions: [] }, true],
    ['for all callers', 'callers', SESSION, true],
    ['for whoever has the permission', 'permitted', { ...SESSION, permissions: ['operations:read'] }, true],
    ['for whoever has the permission', 'permitted', { ...CLIENT, permissions: ['operations:read'] }, true],
    ['for whoever has the permission', 'permitted', SESSION, false],
    ['for whoever has the permission', 'permitted', { ...SESSION, permissions: [] }, false],
    ['for whoever has the permission', 'permitted', { ...CLIENT, permissions: ['items:read'] }, false],
    ['for everybody', 'open', SESSION, true],
  ])('%s: %#', async (_what, route, caller, isOpen) => {
    if (isOpen) await expect(enter(route, caller)).resolves.toBe(true);
    else await expect(enter(route, caller)).rejects.toMatchObject({ code: 'forbidden' });
  });
});
