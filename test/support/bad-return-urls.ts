/** Addresses that lead away from the allowed origins, or that a browser and we could read differently. */
export const BAD_RETURN_URLS = [
  'https://evil.example/',
  '//evil.example',
  '/\\evil.example',
  'https:evil.example',
  'javascript:alert(1)',
  'http://localhost@evil.example/',
  'http://localhost.evil.example/',
  'http://localhost:3000.evil.example/',
  'http://LOCALHOST:3000/',
  'http://localhost:3000\\@evil.example/',
  'http://localhost:3000/\n',
  ' http://localhost:3000/',
] as const;
