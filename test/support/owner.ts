/** Whose connections a test makes where it doesn't matter. */
export const OWNER = { user_id: 'ann', org_id: 'acme' } as const;
