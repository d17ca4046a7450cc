import type { AppConfig } from '../config/app-config.ts';
import { generatedKey } from './generated-key.ts';
import { KeyRing } from './key-ring.ts';

/**
 * The keys the operator gave, or the one that is generated in their place. Asked for before the store is opened: the store
 * makes its file, and a key that is missing beside it must be known for lost.
 * @param onKeyMade told the path of a key that this call made: it has to be backed up
 * @throws KeyRingError for keys that can't be used, and for one that is gone
 */
export function configuredKeyRing(
  config: Pick<AppConfig, 'encryptionKeys' | 'dataDir' | 'store'>,
  onKeyMade: (path: string) => void,
): KeyRing {
  if (config.encryptionKeys !== undefined) return KeyRing.parse(config.encryptionKeys);
  const protects = config.store.kind === 'sqlite' ? config.store.path : undefined;
  const { keys, path, created } = generatedKey(config.dataDir, protects);
  if (created) onKeyMade(path);
  return KeyRing.parse(keys);
}
