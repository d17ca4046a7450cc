import { ACCEPT_SIGNATURE } from '../callers/request-signature.ts';

export const REQUEST_ID_EXAMPLE = '0b6c8b8e-3c5e-4f5e-9d37-2f3f4a1c9a55';

/** Fields of answers, for `components.headers`. `required` where an answer that should have it always has. */
export const HEADERS = {
  'X-Request-Id': {
    description: 'The id of this request in the log: the caller’s own X-Request-Id when it sent a sane one.',
    required: true,
    schema: { type: 'string' },
    example: REQUEST_ID_EXAMPLE,
  },
  'Retry-After': {
    description: 'Seconds until another try makes sense.',
    schema: { type: 'integer', minimum: 0 },
    example: 12,
  },
  Warning: {
    description: 'With a stale page (RFC 7234 §5.5.1).',
    schema: { type: 'string' },
    example: '110 - "Response is Stale"',
  },
  RateLimit: {
    description:
      'What is left of each limit and when more comes (IETF draft RateLimit fields). Absent where limits are off.',
    schema: { type: 'string' },
    example: '"ip";r=37;t=12, "user";r=99;t=60',
  },
  'RateLimit-Policy': {
    description: 'The limits: so many requests (q) in any window of so many seconds (w).',
    schema: { type: 'string' },
    example: '"ip";q=100;w=60, "user";q=100;w=60',
  },
  'WWW-Authenticate': {
    description: 'Names the scheme (RFC 9110 §11.6.1).',
    required: true,
    schema: { type: 'string' },
    example: 'Signature',
  },
  'Accept-Signature': {
    description: 'What a signature has to cover (RFC 9421 §5).',
    required: true,
    schema: { type: 'string' },
    example: ACCEPT_SIGNATURE,
  },
  Allow: {
    description: 'The methods this path answers to.',
    required: true,
    schema: { type: 'string' },
    example: 'GET, HEAD',
  },
  Location: {
    description: 'The return_url of the authorization, with its result in the query.',
    required: true,
    schema: { type: 'string', format: 'uri' },
    example: 'http://localhost:8000/done?status=connected&connection_id=con_4ZkFq0n8X2m3vJc1yTbRdA',
  },
} as const;

type HeaderName = keyof typeof HEADERS;

const BY_STATUS: Readonly<Record<number, readonly HeaderName[]>> = {
  303: ['Location'],
  401: ['WWW-Authenticate', 'Accept-Signature'],
  405: ['Allow'],
  429: ['Retry-After'],
  503: ['Retry-After'],
};

/** @param counted whether the path counts towards the rate limits */
export function headersOf(status: number, counted: boolean): Record<string, { $ref: string }> {
  const limits: HeaderName[] = counted ? ['RateLimit', 'RateLimit-Policy'] : [];
  const names: HeaderName[] = ['X-Request-Id', ...(BY_STATUS[status] ?? []), ...limits];
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}
