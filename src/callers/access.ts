import { SetMetadata, createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import type { Caller, Permission, SessionPermission } from './caller.ts';

/** Who may call a route. What has none of these is refused to everybody. */
export type Access =
  /** No signature is asked for. `why` is for the reader and the list of public routes. */
  | { readonly kind: 'public'; readonly why: string }
  /** Signed by the key that the body presents. */
  | { readonly kind: 'key_holder' }
  | {
      readonly kind: 'caller';
      /** Whether sessions may; or what one needs. */
      readonly session: boolean | SessionPermission;
      /** What an API client needs; absent where none may call, `'any'` where every client may. */
      readonly client?: Permission | 'any';
    };

export const ACCESS = 'patchbay:access';

export const Public = (why: string): MethodDecorator & ClassDecorator =>
  SetMetadata(ACCESS, { kind: 'public', why } satisfies Access);

export const KeyHolderOnly = (): MethodDecorator => SetMetadata(ACCESS, { kind: 'key_holder' } satisfies Access);

/** For sessions, and for API clients with the permission. */
export const CallableWith = (client: Permission | 'any'): MethodDecorator =>
  SetMetadata(ACCESS, { kind: 'caller', session: true, client } satisfies Access);

/** For sessions and API clients alike, with the permission. */
export const PermittedOnly = (permission: SessionPermission): MethodDecorator =>
  SetMetadata(ACCESS, { kind: 'caller', session: permission, client: permission } satisfies Access);

export const ClientsOnly = (client: Permission): MethodDecorator =>
  SetMetadata(ACCESS, { kind: 'caller', session: false, client } satisfies Access);

export const SessionsOnly = (): MethodDecorator =>
  SetMetadata(ACCESS, { kind: 'caller', session: true } satisfies Access);

/** A request whose signer is known. */
export interface CalledRequest extends Request {
  caller?: Caller;
}

/** The caller, in a handler that only callers reach. */
export const CurrentCaller = createParamDecorator((_data: unknown, context: ExecutionContext): Caller => {
  const { caller } = context.switchToHttp().getRequest<CalledRequest>();
  if (caller === undefined) throw new TypeError('This route has no caller: it is public.');
  return caller;
});
