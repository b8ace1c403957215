import type { ReactNode } from 'react';
import { Label } from 'react-aria-components/Label';
import { Radio, RadioGroup } from 'react-aria-components/RadioGroup';

interface SegmentsProps<T extends string> {
  readonly label: string;
  readonly isLabelHidden?: boolean;
  readonly value: T;
  readonly onChange: (value: T) => void;
  /** With an icon, the label is said but not shown. */
  readonly options: readonly { readonly value: T; readonly label: string; readonly icon?: ReactNode }[];
}

/** One choice of a few, side by side: a radio group that looks like one control. */
export function Segments<T extends string>({
  label,
  isLabelHidden,
  value,
  onChange,
  options,
}: SegmentsProps<T>): ReactNode {
  return (
    <RadioGroup
      className="segments-field"
      orientation="horizontal"
      value={value}
      onChange={(chosen) => {
        const option = options.find((candidate) => candidate.value === chosen);
        if (option !== undefined) onChange(option.value);
      }}
    >
      <Label className={isLabelHidden ? 'visually-hidden' : 'field-label'}>{label}</Label>
      <div className="segments">
        {options.map((option) => (
          <Radio key={option.value} value={option.value} className="segment" data-value={option.value}>
            {option.icon}
            <span className={option.icon ? 'visually-hidden' : undefined}>{option.label}</span>
          </Radio>
        ))}
      </div>
    </RadioGroup>
  );
}
