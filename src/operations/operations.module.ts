import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { StorageModule } from '../storage/storage.module.ts';
import { Drain, HealthController } from './health.controller.ts';

@Module({
  imports: [TerminusModule.forRoot({ logger: false, gracefulShutdownTimeoutMs: 0 }), StorageModule],
  controllers: [HealthController],
  providers: [Drain],
})
export class OperationsModule {}
