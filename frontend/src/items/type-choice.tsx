import { Button, Checkbox, Group, Stack } from '@mantine/core';
import { useState } from 'react';
import { strings } from '../strings.ts';

interface TypeChoiceProps {
  account: string;
  itemTypes: readonly string[];
  chosenAtFirst: readonly string[];
  button: string;
  testId: string;
  onLoad: (itemTypes: string[]) => void;
}

/** What to load, and the button that does. */
export function TypeChoice({ account, itemTypes, chosenAtFirst, button, testId, onLoad }: TypeChoiceProps) {
  const [chosen, setChosen] = useState<string[]>([...chosenAtFirst]);
  // In the integration's own order, so that the same choice is the same load.
  const load = (): void => onLoad(itemTypes.filter((type) => chosen.includes(type)));
  return (
    <Stack gap="sm" align="flex-start">
      <Checkbox.Group
        value={chosen}
        onChange={setChosen}
        label={strings.load.typesOf(account)}
        error={chosen.length === 0 ? strings.load.noType : undefined}
      >
        <Group gap="md" mt="xs">
          {itemTypes.map((type) => (
            <Checkbox key={type} value={type} label={type} data-testid={`type-${type}`} />
          ))}
        </Group>
      </Checkbox.Group>
      <Button
        size="xs"
        disabled={chosen.length === 0}
        onClick={load}
        aria-label={`${button}: ${account}`}
        data-testid={testId}
      >
        {button}
      </Button>
    </Stack>
  );
}
