import type { ReactNode } from 'react';
import type { CountryValue } from '../answer/country-values.ts';
import { Icon } from '../design/Icon.tsx';

interface TooltipProps {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly name: string;
  readonly value: CountryValue;
  readonly text: string;
}

const HALF_WIDTH_PX = 118;

/** What the country pointed at says; whoever listens has it in the country's own name. */
export function Tooltip({ x, y, width, name, value, text }: TooltipProps): ReactNode {
  const left = Math.max(HALF_WIDTH_PX, Math.min(width - HALF_WIDTH_PX, x));
  return (
    <div className="tooltip" aria-hidden="true" data-below={y < 130 || undefined} style={{ left, top: y }}>
      <strong>
        <Icon name={value.state} /> {name}
      </strong>
      <span>{text}</span>
    </div>
  );
}
