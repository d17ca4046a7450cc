import { useEffect, useState } from 'react';

const SECOND_MS = 1_000;

/** The time, anew every second while something counts on it. */
export function useNow(isCounting: boolean): number {
  const [nowMs, setNowMs] = useState(() => Date.now());
  useEffect(() => {
    if (!isCounting) return undefined;
    const timer = setInterval(() => setNowMs(Date.now()), SECOND_MS);
    return () => clearInterval(timer);
  }, [isCounting]);
  return nowMs;
}
