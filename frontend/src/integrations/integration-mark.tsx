const COLORS = ['indigo', 'teal', 'grape', 'orange', 'cyan', 'pink', 'green', 'violet'];

/** A neutral sign made from the name: its first letter and two jacks, on a colour of its own. No vendor's logo. */
export function IntegrationMark({ integration, displayName }: { integration: string; displayName: string }) {
  let sum = 0;
  for (const character of integration) sum = (sum * 37 + (character.codePointAt(0) ?? 0)) % 9973;
  const color = COLORS[sum % COLORS.length] ?? 'gray';
  return (
    <svg width="42" height="42" viewBox="0 0 42 42" aria-hidden="true" className="mark">
      <rect width="42" height="42" rx="10" fill={`var(--mantine-color-${color}-8)`} />
      <path d="M34 8C34 20 8 22 8 34" fill="none" stroke="#fff" strokeOpacity="0.28" strokeWidth="2.5" />
      <g fill="#fff" fillOpacity="0.5">
        <circle cx="34" cy="8" r="3" />
        <circle cx="8" cy="34" r="3" />
      </g>
      <text x="21" y="28" textAnchor="middle" fontSize="19" fontWeight="700" fill="#fff">
        {displayName.slice(0, 1).toUpperCase()}
      </text>
    </svg>
  );
}
