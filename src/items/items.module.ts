import { Module } from '@nestjs/common';
import { ConnectionsModule } from '../connections/connections.module.ts';
import { CryptoModule } from '../crypto/crypto.module.ts';
import { StorageModule } from '../storage/storage.module.ts';
import { ItemLoader } from './item-loader.ts';
import { LastLoads } from './last-loads.ts';
import { LoadCursors } from './load-cursor.ts';

@Module({
  imports: [ConnectionsModule, CryptoModule, StorageModule],
  providers: [ItemLoader, LastLoads, LoadCursors],
  exports: [ItemLoader],
})
export class ItemsModule {}
