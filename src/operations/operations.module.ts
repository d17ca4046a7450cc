import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { OutboundModule } from '../outbound/outbound.module.ts';
import { StorageModule } from '../storage/storage.module.ts';
import { Drain, HealthController } from './health.controller.ts';

@Module({
  imports: [TerminusModule.forRoot({ logger: false, gracefulShutdownTimeoutMs: 0 }), StorageModule, OutboundModule],
  controllers: [HealthController],
  providers: [Drain],
})
export class OperationsModule {}
