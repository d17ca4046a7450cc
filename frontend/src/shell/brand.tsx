import { Group, Text } from '@mantine/core';
import { strings } from '../strings.ts';

/** The product's mark and name. */
export function Brand({ size = 30 }: { size?: number }) {
  return (
    <Group gap={10} wrap="nowrap">
      <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
        <rect width="32" height="32" rx="8" fill="var(--brand)" />
        <path d="M10 11c0 8 12 2 12 10" fill="none" stroke="#fff" strokeWidth="2.5" />
        <g fill="var(--brand)" stroke="#fff" strokeWidth="2.5">
          <circle cx="10" cy="10" r="3.2" />
          <circle cx="22" cy="22" r="3.2" />
        </g>
      </svg>
      <Text span fw={700} size="lg" className="brand-name">
        {strings.page.productName}
      </Text>
    </Group>
  );
}
