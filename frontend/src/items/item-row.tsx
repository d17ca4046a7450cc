import { memo, type CSSProperties } from 'react';
import type { IntegrationItem } from '../api/types.ts';
import { strings } from '../strings.ts';
import { MomentText } from '../time/moment-text.tsx';
import type { Branch } from './item-forest.ts';
import { nameOf } from './item-name.ts';

interface ItemRowProps {
  id: string;
  /** From 0, without the head. */
  row: number;
  top: number;
  item: IntegrationItem;
  /** In a tree. */
  branch: Branch | undefined;
  isActive: boolean;
  onPress: () => void;
  onToggle: (open: boolean) => void;
}

/** Deeper ones stand no further to the right: there has to be room for their names. */
const DEEPEST_INDENT = 8;
const ROWS_ABOVE = 2;

export function ItemRow({ id, row, top, item, branch, isActive, onPress, onToggle }: ItemRowProps) {
  const place: CSSProperties = { transform: `translateY(${top}px)` };
  return (
    <div
      id={id}
      role="row"
      className="items-row"
      style={place}
      aria-rowindex={row + ROWS_ABOVE}
      aria-selected={isActive}
      onClick={onPress}
      data-testid="item"
      data-item-id={item.id}
      {...(branch === undefined ? {} : branchAttributes(branch))}
    >
      <div role="gridcell" className="items-cell">
        {branch === undefined ? nameOf(item) : <TreeName item={item} branch={branch} onToggle={onToggle} />}
      </div>
      <Cells item={item} />
    </div>
  );
}

/** They are the same through every scroll and every move of the active row. */
const Cells = memo(function Cells({ item }: { item: IntegrationItem }) {
  return (
    <>
      <div role="gridcell" className="items-cell">
        {item.type}
      </div>
      <div role="gridcell" className="items-cell">
        {item.parent_path_or_name ?? strings.load.absent}
      </div>
      <div role="gridcell" className="items-cell">
        <MomentText time={item.creation_time} />
      </div>
      <div role="gridcell" className="items-cell">
        <MomentText time={item.last_modified_time} />
      </div>
      <div role="gridcell" className="items-cell">
        {item.visibility ? strings.load.visible : strings.load.hidden}
      </div>
    </>
  );
});

function branchAttributes({ level, position, siblings, isOpen }: Branch) {
  return {
    'aria-level': level,
    'aria-posinset': position,
    'aria-setsize': siblings,
    ...(isOpen === null ? {} : { 'aria-expanded': isOpen }),
  };
}

interface TreeNameProps {
  item: IntegrationItem;
  branch: Branch;
  onToggle: (open: boolean) => void;
}

function TreeName({ item, branch: { level, isOpen }, onToggle }: TreeNameProps) {
  const depth = { '--items-depth': Math.min(DEEPEST_INDENT, level - 1) } as CSSProperties;
  return (
    <span className="items-tree-cell" style={depth}>
      <span
        className="items-toggle"
        aria-hidden="true"
        data-testid="toggle"
        data-open={isOpen === true}
        onClick={(event) => {
          if (isOpen === null) return;
          event.stopPropagation();
          onToggle(!isOpen);
        }}
      >
        {isOpen !== null && (
          <svg width="10" height="10" viewBox="0 0 10 10" fill="currentColor">
            <path d="M2 0l7 5-7 5z" />
          </svg>
        )}
      </span>
      <span>{nameOf(item)}</span>
    </span>
  );
}
