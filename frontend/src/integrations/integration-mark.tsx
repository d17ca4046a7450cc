import { Avatar } from '@mantine/core';

const COLORS = ['indigo', 'teal', 'grape', 'orange', 'cyan', 'pink', 'lime', 'violet'];

/** A neutral sign made from the name: its first letter on a colour of its own. No vendor's logo. */
export function IntegrationMark({ integration, displayName }: { integration: string; displayName: string }) {
  let sum = 0;
  for (const character of integration) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 9973;
  return (
    <Avatar radius="md" color={COLORS[sum % COLORS.length] ?? 'gray'} aria-hidden="true">
      {displayName.slice(0, 1).toUpperCase()}
    </Avatar>
  );
}
