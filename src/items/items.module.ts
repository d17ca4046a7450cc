import { Module } from '@nestjs/common';
import { ConnectionsModule } from '../connections/connections.module.ts';
import { CryptoModule } from '../crypto/crypto.module.ts';
import { StorageModule } from '../storage/storage.module.ts';
import { ItemLoader } from './item-loader.ts';
import { LastLoads } from './last-loads.ts';
import { LoadCursors } from './load-cursor.ts';
import { OpenStreams } from './open-streams.ts';

@Module({
  imports: [ConnectionsModule, CryptoModule, StorageModule],
  providers: [ItemLoader, LastLoads, LoadCursors, OpenStreams],
  exports: [ItemLoader],
})
export class ItemsModule {}
