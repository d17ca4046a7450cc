import { FENCING_MEMORY_MS } from '../store-arguments.ts';
import type { RedisClient } from './redis-client.ts';

/*
 * When Redis is full, a script is stopped at its first write, if that is one that may take memory, and never later: the
 * first write decides. So whatever takes memory is written before anything is removed; then a script that is refused has
 * changed nothing (https://redis.io/docs/latest/develop/programmability/lua-api/#script_flags).
 */

/** Redis' own clock. Numbers of this size are exact in Lua, but only `%.0f` writes them without an exponent. */
const CLOCK = `
local time = redis.call('TIME')
local now_us = tonumber(time[1]) * 1000000 + tonumber(time[2])
local now_ms = math.floor(now_us / 1000)
local function whole(number) return string.format('%.0f', number) end
`;

/** Drops expired ids, a few at a time, and lets the index itself end with the last of its records. */
const TIDY_INDEX = `
local function tidy(index)
  local expired = redis.call('ZRANGEBYSCORE', index, '-inf', '(' .. whole(now_ms), 'LIMIT', 0, 64)
  if #expired > 0 then redis.call('ZREM', index, unpack(expired)) end
  local last = redis.call('ZREVRANGE', index, 0, 0, 'WITHSCORES')
  if last[2] == 'inf' then
    redis.call('PERSIST', index)
  elseif last[2] then
    redis.call('PEXPIREAT', index, whole(tonumber(last[2])))
  end
end
`;

/** Written once and to live for less than this: a day. */
const UNANCHORED_LIFE_MS = 24 * 60 * 60 * 1000;

/**
 * ARGV: id, value, life in ms or '', expected version: '' for any, 0 for none. Returns the new version, 0 if refused.
 *
 * The version stands in a key of its own, KEYS[3], from the second write on, and from the first for what lives long. What
 * is written once and soon ends (nonces, pending authorizations: most of all records) is spared that key.
 */
const WRITE = `${CLOCK}${TIDY_INDEX}
local noted, sequence = string.match(redis.call('GETRANGE', KEYS[1], 0, 40), '^(%d*):(%d+):')
local version = sequence and tonumber(redis.call('GET', KEYS[3]) or noted) or 0
if ARGV[4] == '0' and sequence then return 0 end
if ARGV[4] ~= '' and tonumber(ARGV[4]) ~= version then return 0 end
version = version + 1
local life = tonumber(ARGV[3])
local anchored = version > 1 or not life or life >= ${UNANCHORED_LIFE_MS}
local stored = (anchored and '' or whole(version)) .. ':' .. (sequence or whole(now_us)) .. ':' .. ARGV[2]
if life then
  local expires_at = whole(now_ms + life)
  redis.call('SET', KEYS[1], stored, 'PXAT', expires_at)
  if anchored then
    redis.call('SET', KEYS[3], whole(version), 'PXAT', expires_at)
  else
    redis.call('DEL', KEYS[3])
  end
  redis.call('ZADD', KEYS[2], expires_at, ARGV[1])
else
  redis.call('SET', KEYS[1], stored)
  redis.call('SET', KEYS[3], whole(version))
  redis.call('ZADD', KEYS[2], '+inf', ARGV[1])
end
tidy(KEYS[2])
return version
`;

/** ARGV: id. Returns what stood there and its version's key. */
const TAKE = `${CLOCK}${TIDY_INDEX}
local stored = redis.call('MGET', KEYS[1], KEYS[3])
redis.call('DEL', KEYS[1], KEYS[3])
redis.call('ZREM', KEYS[2], ARGV[1])
tidy(KEYS[2])
return stored
`;

/** ARGV: id. Returns 1 when something stood there. */
const DELETE = `${CLOCK}${TIDY_INDEX}
local deleted = redis.call('DEL', KEYS[1])
redis.call('DEL', KEYS[3])
redis.call('ZREM', KEYS[2], ARGV[1])
tidy(KEYS[2])
return deleted
`;

const LIST_IDS = `${CLOCK}${TIDY_INDEX}
tidy(KEYS[1])
return redis.call('ZRANGEBYSCORE', KEYS[1], whole(now_ms), '+inf')
`;

/** Returns what stands there, its version's key, and its life in ms, -1 for ever. */
const READ = `
return { redis.call('GET', KEYS[1]), redis.call('GET', KEYS[2]), redis.call('PTTL', KEYS[1]) }
`;

/** ARGV: owner token, life in ms. Returns the fencing number, 0 while the lease is held. */
const ACQUIRE_LEASE = `${CLOCK}
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
local fence = math.max((tonumber(redis.call('GET', KEYS[2])) or 0) + 1, now_ms)
redis.call('SET', KEYS[2], whole(fence), 'PX', ${FENCING_MEMORY_MS})
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return fence
`;

/** ARGV: owner token, life in ms. */
const RENEW_LEASE = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])
`;

/** ARGV: owner token. */
const RELEASE_LEASE = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
`;

/** ARGV: now, limit, until when, both in epoch ms. Returns members and the times they were due, by turns. */
const CLAIM_DUE = `
local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'WITHSCORES', 'LIMIT', 0, ARGV[2])
for at = 1, #due, 2 do redis.call('ZADD', KEYS[1], ARGV[3], due[at]) end
return due
`;

/**
 * A log of hits in microseconds. ARGV: limit, window in ms. Returns whether the hit counts, how many are still free, and
 * the milliseconds until the oldest leaves or the hold ends, KEYS[2]. The key lives a millisecond longer than its youngest
 * hit, because Redis cuts its clock to milliseconds when it expires keys.
 */
const HIT_WINDOW = `${CLOCK}
local limit, window_us = tonumber(ARGV[1]), tonumber(ARGV[2]) * 1000
local held_ms = redis.call('PTTL', KEYS[2])
local gone_by = whole(now_us - window_us)
local count = redis.call('ZCOUNT', KEYS[1], '(' .. gone_by, '+inf')
local is_full = count >= limit
local allowed = 0
if not is_full and held_ms < 0 then
  -- Before anything is removed, so that it is refused when Redis is full.
  redis.call('ZADD', KEYS[1], whole(now_us), whole(now_us) .. ':' .. count)
  redis.call('PEXPIRE', KEYS[1], tonumber(ARGV[2]) + 1)
  count = count + 1
  allowed = 1
end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', gone_by)
local reset_ms = math.max(held_ms, 1)
if is_full or allowed == 1 then
  local oldest = tonumber(redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')[2])
  reset_ms = math.max(held_ms, math.ceil((oldest + window_us - now_us) / 1000))
end
return { allowed, held_ms < 0 and math.max(0, limit - count) or 0, reset_ms }
`;

/** ARGV: hold in ms. */
const HOLD_WINDOW = `
if redis.call('PTTL', KEYS[1]) >= tonumber(ARGV[1]) then return 0 end
redis.call('SET', KEYS[1], '1', 'PX', ARGV[1])
return 1
`;

export const SCRIPTS = {
  pbWrite: { numberOfKeys: 3, lua: WRITE },
  pbTake: { numberOfKeys: 3, lua: TAKE },
  pbDelete: { numberOfKeys: 3, lua: DELETE },
  pbListIds: { numberOfKeys: 1, lua: LIST_IDS },
  pbRead: { numberOfKeys: 2, lua: READ },
  pbAcquireLease: { numberOfKeys: 2, lua: ACQUIRE_LEASE },
  pbRenewLease: { numberOfKeys: 1, lua: RENEW_LEASE },
  pbReleaseLease: { numberOfKeys: 1, lua: RELEASE_LEASE },
  pbClaimDue: { numberOfKeys: 1, lua: CLAIM_DUE },
  pbHitWindow: { numberOfKeys: 2, lua: HIT_WINDOW },
  pbHoldWindow: { numberOfKeys: 1, lua: HOLD_WINDOW },
} as const;

/** Three keys, and the record's id in its index. */
export type RecordArgs = readonly [record: string, index: string, version: string, id: string];

export type HitArgs = readonly [window: string, hold: string, limit: number, windowMs: number];

/** What a client can do once the scripts are defined on it; keys come first, in the order the scripts name them. */
export interface StoreScripts {
  pbWrite(...args: [...RecordArgs, value: string, ttlMs: string, expected: string]): Promise<number>;
  pbTake(...args: RecordArgs): Promise<[stored: string | null, version: string | null]>;
  pbDelete(...args: RecordArgs): Promise<number>;
  pbListIds(index: string): Promise<string[]>;
  pbRead(record: string, version: string): Promise<[stored: string | null, version: string | null, lifeMs: number]>;
  pbAcquireLease(lease: string, fence: string, ownerToken: string, ttlMs: number): Promise<number>;
  pbRenewLease(lease: string, ownerToken: string, ttlMs: number): Promise<number>;
  pbReleaseLease(lease: string, ownerToken: string): Promise<number>;
  pbClaimDue(index: string, nowMs: number, limit: number, untilMs: number): Promise<string[]>;
  pbHitWindow(...args: HitArgs): Promise<[allowed: number, free: number, resetMs: number]>;
  pbHoldWindow(hold: string, holdMs: number): Promise<number>;
}

export function defineScripts(client: RedisClient): StoreScripts {
  for (const [name, script] of Object.entries(SCRIPTS)) client.defineCommand(name, script);
  return client as unknown as StoreScripts;
}
