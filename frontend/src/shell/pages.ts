/** The page's addresses. The service answers each of them with the page (`src/http/page.ts` has the same list). */
export const PAGES = {
  connect: '/',
  explore: '/explore',
  status: '/status',
} as const;
