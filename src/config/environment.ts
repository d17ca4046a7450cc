import { Transform } from 'class-transformer';
import {
  ArrayNotEmpty,
  IsBoolean,
  IsIn,
  IsInt,
  IsNumber,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  Min,
  ValidateBy,
  type ValidationOptions,
} from 'class-validator';
import { isCidr, isEncryptionKeyList, isOrigin, isRedisUrl, isServerUrl } from './formats.ts';

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** @returns undefined for what is neither true nor false */
export function asSwitch(value: unknown): boolean | undefined {
  if (value === 'true' || value === '1') return true;
  return value === 'false' || value === '0' ? false : undefined;
}

const integer = Transform(({ value }: { value: unknown }) =>
  typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value,
);
const decimal = Transform(({ value }: { value: unknown }) =>
  typeof value === 'string' && /^\d{1,6}(?:\.\d{1,6})?$/.test(value) ? Number(value) : value,
);
const boolean = Transform(({ value }: { value: unknown }) => asSwitch(value) ?? value);
const commaList = Transform(({ value }: { value: unknown }) =>
  typeof value === 'string'
    ? value
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== '')
    : value,
);

function each(name: string, test: (value: string) => boolean, options?: ValidationOptions): PropertyDecorator {
  return ValidateBy(
    { name, validator: { validate: (value: unknown) => typeof value === 'string' && test(value) } },
    options,
  );
}

/** The environment's keys that aren't about one integration, with the format each must have. Names are the env's own. */
export class ServerEnvironment {
  @IsOptional() @IsIn(['development', 'test', 'production']) NODE_ENV?: string;
  @IsOptional() @integer @IsInt() @Min(0) @Max(65535) PORT?: number;
  @IsOptional() @IsString() @Matches(/^[A-Za-z0-9.:_-]{1,255}$/) HOST?: string;
  @IsOptional() @each('isOrigin', isOrigin) PUBLIC_URL?: string;
  @IsOptional() @commaList @ArrayNotEmpty() @each('isOrigin', isOrigin, { each: true }) ALLOWED_ORIGINS?: string[];
  @IsOptional() @commaList @each('isCidr', isCidr, { each: true }) TRUSTED_PROXIES?: string[];

  @IsOptional() @each('isRedisUrl', isRedisUrl) REDIS_URL?: string;
  @IsOptional() @IsString() @Length(1, 255) REDIS_HOST?: string;
  @IsOptional() @integer @IsInt() @Min(1) @Max(65535) REDIS_PORT?: number;
  @IsOptional() @IsString() @Length(1, 512) REDIS_PASSWORD?: string;
  @IsOptional() @boolean @IsBoolean() REDIS_TLS?: boolean;
  @IsOptional() @commaList @ArrayNotEmpty() @Matches(/^[^\s:]+:\d{1,5}$/, { each: true }) REDIS_SENTINELS?: string[];
  @IsOptional() @IsString() @Length(1, 255) REDIS_SENTINEL_NAME?: string;
  @IsOptional()
  @commaList
  @ArrayNotEmpty()
  @Matches(/^[^\s:]+:\d{1,5}$/, { each: true })
  REDIS_CLUSTER_NODES?: string[];

  @IsOptional() @IsString() @Length(1, 4096) DATA_DIR?: string;
  @IsOptional() @each('isEncryptionKeyList', isEncryptionKeyList) ENCRYPTION_KEYS?: string;
  @IsOptional() @boolean @IsBoolean() DEMO?: boolean;
  @IsOptional() @boolean @IsBoolean() DEMO_REAL_ACCOUNTS?: boolean;
  @IsOptional() @integer @IsInt() @Min(1) @Max(65535) SANDBOX_PORT?: number;
  @IsOptional() @each('isServerUrl', isServerUrl) SANDBOX_URL?: string;
  @IsOptional() @integer @IsInt() @Min(0) @Max(1_000_000) RATE_LIMIT_PER_MINUTE?: number;
  @IsOptional() @integer @IsInt() @Min(0) @Max(1_000_000) RATE_LIMIT_PER_MINUTE_USER?: number;
  @IsOptional() @integer @IsInt() @Min(1) @Max(1_000_000) MAX_REQUESTS_IN_FLIGHT?: number;
  @IsOptional() @integer @IsInt() @Min(0) @Max(10_000) MAX_LOOP_DELAY_MS?: number;
  @IsOptional() @boolean @IsBoolean() METRICS?: boolean;
  @IsOptional() @IsString() @Matches(/^[A-Za-z0-9._~+/-]{16,512}=*$/) METRICS_TOKEN?: string;
  @IsOptional() @integer @IsInt() @Min(1) @Max(36_500) CONNECTION_IDLE_TTL_DAYS?: number;
  @IsOptional() @integer @IsInt() @Min(0) @Max(720) STALE_LOAD_TTL_HOURS?: number;
  @IsOptional() @boolean @IsBoolean() REFRESH_AHEAD?: boolean;
  @IsOptional() @decimal @IsNumber() @Min(0.01) @Max(100_000) PACE_FACTOR?: number;
  @IsOptional() @IsIn(LOG_LEVELS) LOG_LEVEL?: LogLevel;
}

/** The keys that exist once per integration, without their `<NAME>_`. */
export class ProviderEnvironment {
  @IsOptional() @IsString() @Length(1, 512) CLIENT_ID?: string;
  @IsOptional() @IsString() @Length(1, 1024) CLIENT_SECRET?: string;
  @IsOptional() @each('isServerUrl', isServerUrl) REDIRECT_URI?: string;
  @IsOptional() @each('isServerUrl', isServerUrl) AUTHORIZATION_URL?: string;
  @IsOptional() @each('isServerUrl', isServerUrl) TOKEN_URL?: string;
  @IsOptional() @each('isServerUrl', isServerUrl) REVOCATION_URL?: string;
  @IsOptional() @each('isServerUrl', isServerUrl) INTROSPECTION_URL?: string;
  @IsOptional() @each('isServerUrl', isServerUrl) API_URL?: string;
  @IsOptional() @IsString() @Matches(/^[\x21\x23-\x5b\x5d-\x7e]+([ ,]+[\x21\x23-\x5b\x5d-\x7e]+)*$/) SCOPES?: string;
  @IsOptional() @decimal @IsNumber() @Min(0.01) @Max(100_000) PACE_FACTOR?: number;
}
