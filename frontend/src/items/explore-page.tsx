import './mantine-styles.ts';
import './items.css';
import { Acting } from '../shell/acting.tsx';
import { ItemsSection } from './items-section.tsx';

export function ExplorePage() {
  return (
    <Acting afterwards={(owner) => <ItemsSection owner={owner} isOver />}>
      {(owner) => <ItemsSection owner={owner} />}
    </Acting>
  );
}
