import { Module } from '@nestjs/common';
import { CryptoModule } from '../crypto/crypto.module.ts';
import { ItemLoader } from './item-loader.ts';
import { LoadCursors } from './load-cursor.ts';

@Module({ imports: [CryptoModule], providers: [ItemLoader, LoadCursors], exports: [ItemLoader] })
export class ItemsModule {}
