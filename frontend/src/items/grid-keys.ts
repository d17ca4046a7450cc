import type { ItemRows } from './item-view.ts';

/** What a key does to the active row. */
export interface Move {
  /** Another row becomes the active one. */
  to?: number;
  /** Its branch is opened or closed. */
  open?: boolean;
  details?: true;
}

type Place = Pick<ItemRows, 'indexes' | 'branches' | 'forest'>;

/**
 * As the ARIA Authoring Practices have it for grids and treegrids whose rows are moved in.
 * @param active the active row; -1 for none
 * @returns null for keys that mean nothing here
 */
export function moveIn(rows: Place, active: number, key: string, rowsInView: number): Move | null {
  const last = rows.indexes.length - 1;
  if (last < 0) return null;
  const within = (row: number): Move => ({ to: Math.min(last, Math.max(0, row)) });
  switch (key) {
    case 'ArrowDown':
      return within(active + 1);
    case 'ArrowUp':
      return within(active - 1);
    case 'PageDown':
      return within(active + rowsInView);
    case 'PageUp':
      return within(active - rowsInView);
    case 'Home':
      return within(0);
    case 'End':
      return within(last);
    case 'Enter':
      return active < 0 ? null : { details: true };
    case 'ArrowRight':
      return inwards(rows, active);
    case 'ArrowLeft':
      return outwards(rows, active);
    default:
      return null;
  }
}

function inwards({ branches }: Place, active: number): Move | null {
  const branch = branches[active];
  if (branch === undefined) return null;
  if (branch.isOpen === null) return {};
  return branch.isOpen ? { to: active + 1 } : { open: true };
}

function outwards({ branches, indexes, forest }: Place, active: number): Move | null {
  const branch = branches[active];
  if (branch === undefined) return null;
  if (branch.isOpen === true) return { open: false };
  const parent = forest?.parentOf(branch.index);
  return parent === undefined ? {} : { to: indexes.lastIndexOf(parent, active) };
}
