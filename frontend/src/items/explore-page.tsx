import { Acting } from '../shell/acting.tsx';
import { ItemsSection } from './items-section.tsx';

export function ExplorePage() {
  return (
    <Acting afterwards={(owner) => <ItemsSection owner={owner} />}>{(owner) => <ItemsSection owner={owner} />}</Acting>
  );
}
