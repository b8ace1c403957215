import type { ReactNode } from 'react';
import { Input } from 'react-aria-components/Input';
import { Label } from 'react-aria-components/Label';
import { NumberField } from 'react-aria-components/NumberField';
import { useTranslation } from 'react-i18next';
import { OLDEST_AGE, type Question } from './question.ts';

interface AgeFieldsProps {
  readonly question: Question;
  readonly onChange: (part: Partial<Question>) => void;
}

/** Ages in completed years, from and to, each of which may stay open. */
export function AgeFields({ question: { ageFrom, ageTo }, onChange }: AgeFieldsProps): ReactNode {
  const { t } = useTranslation();
  const isReversed = ageFrom !== undefined && ageTo !== undefined && ageFrom > ageTo;
  return (
    <div className="ages-field">
      <div className="ages">
        <Age label={t('question.ageFrom')} value={ageFrom} onChange={(age) => onChange({ ageFrom: age })} />
        <span aria-hidden="true">{t('question.to')}</span>
        <Age
          label={t('question.ageTo')}
          value={ageTo}
          isInvalid={isReversed}
          onChange={(age) => onChange({ ageTo: age })}
        />
        <span aria-hidden="true">{t('question.years')}</span>
      </div>
      <p className="field-problem" role="alert">
        {isReversed && t('problem.agesReversed')}
      </p>
    </div>
  );
}

interface AgeProps {
  readonly label: string;
  readonly value: number | undefined;
  readonly isInvalid?: boolean;
  readonly onChange: (age: number | undefined) => void;
}

function Age({ label, value, isInvalid, onChange }: AgeProps): ReactNode {
  const { t } = useTranslation();
  return (
    <NumberField
      className="age"
      value={value ?? Number.NaN}
      minValue={0}
      maxValue={OLDEST_AGE}
      isInvalid={isInvalid ?? false}
      onChange={(age) => onChange(Number.isNaN(age) ? undefined : age)}
    >
      <Label className="field-label">{label}</Label>
      <Input className="input" placeholder={t('question.anyAge')} />
    </NumberField>
  );
}
