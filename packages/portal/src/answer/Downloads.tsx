import type { NetworkAnswer } from '@federome/client';
import type { ReactNode } from 'react';
import { Button } from 'react-aria-components/Button';
import { useTranslation } from 'react-i18next';
import { Icon } from '../design/Icon.tsx';
import { answerAsJson, answerAsTsv } from './download.ts';

/** The answer as files, made in the browser. */
export function Downloads({ answer }: { readonly answer: NetworkAnswer }): ReactNode {
  const { t } = useTranslation();
  return (
    <div className="downloads">
      <Icon name="download" />
      <span>{t('answer.download')}</span>
      <Button
        className="button-quiet"
        onPress={() => save('federome-answer.tsv', 'text/tab-separated-values', answerAsTsv(answer))}
      >
        {t('answer.downloadTsv')}
      </Button>
      <Button
        className="button-quiet"
        onPress={() => save('federome-answer.json', 'application/json', answerAsJson(answer))}
      >
        {t('answer.downloadJson')}
      </Button>
    </div>
  );
}

function save(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
