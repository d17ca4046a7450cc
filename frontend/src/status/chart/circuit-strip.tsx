import { strings } from '../../strings.ts';
import { writeDuration, writeShare } from '../writing.ts';
import { notAnswering } from './circuit-history.ts';
import type { Intervals } from './series.ts';

const HEIGHT = 12;
/** Told apart by how high they stand as well as by colour. */
const HEIGHTS = [2, 7, HEIGHT];
const CLASSES = ['closed', 'half-open', 'open'];

interface CircuitStripProps {
  name: string;
  /** The worst of each interval: 0 closed, 1 half-open, 2 open. */
  states: readonly number[];
  intervals: Intervals;
}

/** A circuit over the time since the start. */
export function CircuitStrip({ name, states, intervals }: CircuitStripProps) {
  const words = strings.status;
  const { share, seconds } = notAnswering(states, intervals);
  const over = writeDuration(seconds);
  const text = share === 0 ? words.circuitWell(over) : words.circuitHistory(writeShare(share), over);
  return (
    <svg
      className="circuit-strip"
      viewBox={`0 0 ${Math.max(1, states.length)} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={`${name}: ${text}`}
    >
      {states.map((state, at) => {
        const height = HEIGHTS[state] ?? HEIGHT;
        const place = { x: at, y: HEIGHT - height, width: 1.02, height };
        return <rect key={intervals.endsAt[at]} className={`circuit-${CLASSES[state] ?? 'open'}`} {...place} />;
      })}
    </svg>
  );
}
