import { Component, lazy, type ReactNode, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import type { MapPanelProps } from './map-panel-props.ts';

const EuropeMap = lazy(() => import('./EuropeMap.tsx').then((module) => ({ default: module.EuropeMap })));

/** The map, loaded when it is first needed; the table beside it says the same should it never come. */
export function MapPanel(props: MapPanelProps): ReactNode {
  const { t } = useTranslation();
  return (
    <div className="map-panel">
      <WithoutMap fallback={<p className="map-placeholder">{t('map.failed')}</p>}>
        <Suspense fallback={<p className="map-placeholder">{t('map.loading')}</p>}>
          <EuropeMap {...props} />
        </Suspense>
      </WithoutMap>
    </div>
  );
}

class WithoutMap extends Component<{ readonly fallback: ReactNode; readonly children: ReactNode }> {
  override readonly state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override render(): ReactNode {
    return this.state.failed ? this.props.fallback : this.props.children;
  }
}
