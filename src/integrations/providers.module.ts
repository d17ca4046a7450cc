import { Module } from '@nestjs/common';
import { OutboundModule } from '../outbound/outbound.module.ts';
import { ProviderDirectory } from './provider-directory.ts';

@Module({ imports: [OutboundModule], providers: [ProviderDirectory], exports: [ProviderDirectory] })
export class ProvidersModule {}
