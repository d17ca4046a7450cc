/** The page's addresses. The service answers each of them with the page (`src/http/page.ts` has the same list). */
export const PAGES = {
  connect: '/',
  /** What a connect link opens: for its session alone, without ways to anywhere else. */
  focused: '/connect',
  explore: '/explore',
  status: '/status',
} as const;
