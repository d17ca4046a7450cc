import { Card, Group, Skeleton, Stack, Text, VisuallyHidden } from '@mantine/core';
import { useSlow } from '../availability/use-slow.ts';
import { strings } from '../strings.ts';

const PLACES = [0, 1, 2, 3];

/** Where the cards are going to stand. */
export function CardSkeletons() {
  const slow = useSlow(true);
  return (
    <Stack gap="md" data-testid="skeletons">
      <div role="status">
        <VisuallyHidden>{strings.integrations.loading}</VisuallyHidden>
        {slow && (
          <Text size="sm" data-testid="slow">
            {strings.integrations.slow}
          </Text>
        )}
      </div>
      <div className="cards" aria-hidden="true">
        {PLACES.map((place) => (
          <Card key={place} withBorder padding="lg" radius="md">
            <Stack gap="md">
              <Group gap="sm" wrap="nowrap">
                <Skeleton height={40} width={40} radius="md" />
                <Stack gap={6} flex={1}>
                  <Skeleton height={16} width="45%" />
                  <Skeleton height={12} width="75%" />
                </Stack>
              </Group>
              <Skeleton height={14} width="60%" />
              <Skeleton height={36} radius="md" />
            </Stack>
          </Card>
        ))}
      </div>
    </Stack>
  );
}
