import { useMantineColorScheme, VisuallyHidden, type MantineColorScheme } from '@mantine/core';
import { useId, type ReactNode } from 'react';
import { strings } from '../strings.ts';

const SIGNS: Record<MantineColorScheme, ReactNode> = {
  light: (
    <g fill="none" stroke="currentColor" strokeWidth="1.6" strokeLinecap="round">
      <circle cx="10" cy="10" r="3.4" />
      <path d="M10 2.2v2M10 15.800v2M2.2 10h2M15.8 10h2M4.5 4.500l1.4 1.400M14.1 14.100l1.4 1.400M4.5 15.500l1.4-1.400M14.1 5.900l1.4-1.4" />
    </g>
  ),
  auto: (
    <g>
      <circle cx="10" cy="10" r="6.6" fill="none" stroke="currentColor" strokeWidth="1.6" />
      <path d="M10 3.400a6.6 6.6 0 0 1 0 13.200z" fill="currentColor" />
    </g>
  ),
  dark: (
    <path
      d="M16.6 12.200A7 7 0 0 1 7.8 3.400a7 7 0 1 0 8.8 8.800z"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
      strokeLinejoin="round"
    />
  ),
};

/**
 * Light, dark, or as the computer has it; remembered in this browser. Plain radio buttons: the library's control measures
 * itself when it appears, which makes a browser lay the page out twice before it shows anything.
 */
export function ColorSchemeChoice() {
  const name = useId();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <fieldset className="scheme-choice" aria-label={strings.page.colorSchemes} data-testid="color-scheme">
      {(['light', 'auto', 'dark'] as const).map((value) => (
        <label key={value} className="scheme-sign" title={strings.page.colorScheme[value]}>
          <input
            type="radio"
            name={name}
            value={value}
            checked={colorScheme === value}
            onChange={() => setColorScheme(value)}
          />
          <svg width="18" height="18" viewBox="0 0 20 20" aria-hidden="true">
            {SIGNS[value]}
          </svg>
          <VisuallyHidden>{strings.page.colorScheme[value]}</VisuallyHidden>
        </label>
      ))}
    </fieldset>
  );
}
