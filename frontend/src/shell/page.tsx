import { Stack, Text, Title } from '@mantine/core';
import { Suspense, useEffect, useRef, type ReactNode } from 'react';
import { strings } from '../strings.ts';
import { Opening } from './opening.tsx';
import { PageBoundary } from './page-boundary.tsx';

interface PageProps {
  title: string;
  lead?: string;
  children: ReactNode;
}

/** Whether a page was shown before this one: then the person came here by a link within the page. */
let navigated = false;

/** One of the pages: what it is called, for the eye, the tab and the ear, and what is shown when it can't be. */
export function Page({ title, lead, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = strings.page.inTab(title);
    const hasFocus = document.getElementById(MAIN_ID)?.contains(document.activeElement) === true;
    if (navigated && !hasFocus) heading.current?.focus();
    navigated = true;
  }, [title]);
  return (
    <>
      <Stack gap={4}>
        <Title order={1} size="h2" ref={heading} tabIndex={-1} className="page-title">
          {title}
        </Title>
        {lead !== undefined && <Text c="dimmed">{lead}</Text>}
      </Stack>
      <PageBoundary>
        <Suspense fallback={<Opening />}>{children}</Suspense>
      </PageBoundary>
    </>
  );
}

export const MAIN_ID = 'main';
