import { Button, Loader } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useServices } from '../services.ts';
import { useObservable } from '../state/use-observable.ts';
import { strings } from '../strings.ts';

/** One line across the page while the service can't be asked; it goes by itself. Always there, or it isn't read out. */
export function AvailabilityBanner() {
  const { availability } = useServices();
  const condition = useObservable(availability.condition);
  return (
    <div role="status" className="banner" data-testid="availability" data-condition={condition.name}>
      {condition.name !== 'well' && (
        <div className="banner-line">
          {condition.name === 'away' && <Loader size="xs" color="currentColor" aria-hidden="true" />}
          <span>
            <strong>{strings.availability[condition.name].title}</strong> {strings.availability[condition.name].hint}
            {condition.name === 'limited' && <Countdown untilMs={condition.untilMs} />}
          </span>
          {condition.name === 'away' && (
            <Button size="compact-sm" variant="default" onClick={() => availability.lookNow()}>
              {strings.availability.now}
            </Button>
          )}
        </div>
      )}
    </div>
  );
}

/** For the eye: a number that changes every second would keep a screen reader talking. */
function Countdown({ untilMs }: { untilMs: number }) {
  const secondsLeft = (): number => Math.max(0, Math.ceil((untilMs - Date.now()) / 1_000));
  const [seconds, setSeconds] = useState(secondsLeft);
  useEffect(() => {
    const timer = setInterval(() => setSeconds(secondsLeft()), 500);
    return () => clearInterval(timer);
  });
  return (
    <span aria-hidden="true" data-testid="countdown">
      {' '}
      {strings.availability.countdown(seconds)}
    </span>
  );
}
