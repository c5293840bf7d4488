/** The app itself: language, look, start, words, how long things are kept. */
import type { ReactNode } from 'react';
import type { PreferenceChanges } from '../../src/control/acts/shell-acts.ts';
import { textSizes } from '../../src/control/acts/text-sizes.ts';
import { askShell } from '../parts/bridge.ts';
import { Choice } from '../parts/choice.tsx';
import { FailureNotice } from '../parts/notice.tsx';
import { Picker } from '../parts/picker.tsx';
import { useSurroundings } from '../parts/surroundings.tsx';
import { SwitchLine } from '../parts/switch-line.tsx';
import { useShellAnswer } from '../parts/use-answer.ts';
import { useSettings, type Settings } from './use-settings.ts';

const trashDays = [0, 7, 30, 90, 365];
const historyDays = [30, 90, 180, 365, 730, 3650];

export function GeneralPage(): ReactNode {
  const { t, preferences, system } = useSurroundings();
  const settings = useSettings();
  const set = (changes: PreferenceChanges): void => void askShell('change-preferences', changes);
  return (
    <div className="stack-wide">
      <section className="stack">
        <div className="two-columns">
          <Picker
            label={t('general.language')}
            value={preferences.language}
            onChange={(language) => set({ language })}
            options={[
              { value: 'system', label: t('general.as-system') },
              { value: 'en', label: t('general.english') },
              { value: 'fr', label: t('general.french') },
            ]}
          />
          <TextSize onChange={set} />
        </div>
        <Choice
          look="row"
          label={t('general.theme')}
          value={preferences.theme}
          onChange={(theme) => set({ theme })}
          options={[
            { value: 'system', label: t('general.as-system') },
            { value: 'light', label: t('general.light') },
            { value: 'dark', label: t('general.dark') },
          ]}
        />
      </section>
      <section className="lines">
        <SwitchLine
          label={t('general.starts')}
          {...(system.canStartAtLogin ? {} : { help: t('general.not-here') })}
          isDisabled={!system.canStartAtLogin}
          isOn={preferences.startsAtLogin}
          onChange={(startsAtLogin) => set({ startsAtLogin })}
        />
        <SwitchLine
          label={t('general.notifies')}
          help={t(system.canNotify ? 'general.notifies-help' : 'general.not-here')}
          isDisabled={!system.canNotify}
          isOn={preferences.notifies}
          onChange={(notifies) => set({ notifies })}
        />
        <LowBattery onChange={set} />
      </section>
      {settings.isThere ? (
        <section className="two-columns">
          <Days settings={settings} name="trash.days" label={t('general.trash')} days={trashDays} />
          <Days settings={settings} name="retention.days" label={t('general.history')} days={historyDays} />
        </section>
      ) : null}
      <FailureNotice failure={settings.failure} />
    </div>
  );
}

function TextSize({ onChange }: { readonly onChange: (changes: PreferenceChanges) => void }): ReactNode {
  const { t, formats, preferences } = useSurroundings();
  return (
    <Picker
      label={t('general.text-size')}
      value={String(preferences.textSize)}
      onChange={(chosen) => onChange({ textSize: textSizes.find((size) => String(size) === chosen) })}
      options={textSizes.map((size) => ({ value: String(size), label: formats.percent(size) }))}
    />
  );
}

function LowBattery({ onChange }: { readonly onChange: (changes: PreferenceChanges) => void }): ReactNode {
  const { t, preferences } = useSurroundings();
  const isTold = useShellAnswer('read-sensors', {}, []).answer?.battery !== false;
  return (
    <SwitchLine
      label={t('general.battery')}
      {...(isTold ? {} : { help: t('general.no-battery') })}
      // What was switched on elsewhere, or before, can be switched off.
      isDisabled={!isTold && !preferences.pausesOnLowBattery}
      isOn={preferences.pausesOnLowBattery}
      onChange={(pausesOnLowBattery) => onChange({ pausesOnLowBattery })}
    />
  );
}

interface DaysProps {
  readonly settings: Settings;
  readonly name: string;
  readonly label: string;
  readonly days: readonly number[];
}

function Days({ settings, name, label, days }: DaysProps): ReactNode {
  const { t } = useSurroundings();
  const value = settings.valueOf(name) ?? '';
  const now = Number(value);
  const options = value === '' || days.includes(now) ? days : [...days, now].toSorted((a, b) => a - b);
  return (
    <Picker
      label={label}
      value={value}
      onChange={(chosen) => settings.change(name, chosen)}
      options={options.map((count) => ({ value: String(count), label: t('general.days', { days: count }) }))}
    />
  );
}
