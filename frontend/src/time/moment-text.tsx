import { strings } from '../strings.ts';
import { writeMoment } from './moment.ts';

/** A time in the person's zone; the exact UTC time is in its title. */
export function MomentText({ time }: { time: string | null }) {
  const written = time === null ? null : writeMoment(time);
  if (time === null || written === null) return <>{strings.load.absent}</>;
  return (
    <time dateTime={time} title={time}>
      {written}
    </time>
  );
}
