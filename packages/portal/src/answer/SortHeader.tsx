import type { ReactNode } from 'react';
import { Icon } from '../design/Icon.tsx';
import type { Direction } from './summary.ts';

interface SortHeaderProps {
  readonly label: string;
  readonly isNumber?: boolean;
  /** Left out at phone width, where the table has it elsewhere. */
  readonly isWideOnly?: boolean;
  /** Of this column, where the table is sorted by it. */
  readonly direction: Direction | undefined;
  readonly onSort: (direction: Direction) => void;
}

/** A column's head whose button sorts by it: numbers largest first, then the other way round. */
export function SortHeader({
  label,
  isNumber = false,
  isWideOnly = false,
  direction,
  onSort,
}: SortHeaderProps): ReactNode {
  const first: Direction = isNumber ? 'descending' : 'ascending';
  const second: Direction = isNumber ? 'ascending' : 'descending';
  return (
    <th
      scope="col"
      className={`${isNumber ? 'number' : ''} ${isWideOnly ? 'not-narrow' : ''}`}
      aria-sort={direction ?? 'none'}
    >
      <button type="button" className="sort" onClick={() => onSort(direction === first ? second : first)}>
        {label}
        <Icon name={direction ?? first} />
      </button>
    </th>
  );
}
