import { Global, Module, type DynamicModule } from '@nestjs/common';
import { AuditTrail, type TokenHandedOut } from './audit-trail.ts';

/** What a pino logger can do, as far as it is needed here. */
export interface AuditLog {
  info(event: object, message: string): void;
}

class LoggedAuditTrail extends AuditTrail {
  readonly #log: AuditLog;

  constructor(log: AuditLog) {
    super();
    this.#log = log;
  }

  override tokenHandedOut(event: TokenHandedOut): void {
    const { caller, connectionId, integration, orgId, userId, requestId } = event;
    this.#log.info(
      {
        event: 'access_token_handed_out',
        caller: caller.id,
        connection_id: connectionId,
        integration,
        org_id: orgId,
        user_id: userId,
        request_id: requestId,
      },
      'a backend was given an access token',
    );
  }
}

@Global()
@Module({})
export class AuditModule {
  /** @param log writes whatever the level of the other logs is */
  static of(log: AuditLog): DynamicModule {
    return {
      module: AuditModule,
      providers: [{ provide: AuditTrail, useValue: new LoggedAuditTrail(log) }],
      exports: [AuditTrail],
    };
  }
}
