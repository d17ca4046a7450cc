import type { AppConfig } from '../config/app-config.ts';
import { generatedKey } from './generated-key.ts';
import { KeyRing } from './key-ring.ts';

/**
 * The keys the operator gave, or the one that is generated in their place.
 * @param onKeyMade told the path of a key that this call made: it has to be backed up
 * @throws KeyRingError for keys that can't be used
 */
export function configuredKeyRing(
  config: Pick<AppConfig, 'encryptionKeys' | 'dataDir'>,
  onKeyMade: (path: string) => void,
): KeyRing {
  if (config.encryptionKeys !== undefined) return KeyRing.parse(config.encryptionKeys);
  const { keys, path, created } = generatedKey(config.dataDir);
  if (created) onKeyMade(path);
  return KeyRing.parse(keys);
}
