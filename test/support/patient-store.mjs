// Loaded before a built program: Redis may take as long as it likes to answer.
import { RedisKeyValueStore } from '../../dist/src/storage/redis/redis-key-value-store.js';

const LONG_MS = 120_000;
const { open } = RedisKeyValueStore;

RedisKeyValueStore.open = (settings) => open.call(RedisKeyValueStore, settings, LONG_MS);
