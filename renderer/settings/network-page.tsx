/** How fast, through what, and when it may use the network. */
import { useState, type ReactNode } from 'react';
import { Action } from '../parts/action.tsx';
import { askShell } from '../parts/bridge.ts';
import { Entry } from '../parts/entry.tsx';
import { FailureNotice } from '../parts/notice.tsx';
import { Picker } from '../parts/picker.tsx';
import { useSurroundings } from '../parts/surroundings.tsx';
import { SwitchLine } from '../parts/switch-line.tsx';
import { useShellAnswer } from '../parts/use-answer.ts';
import { useSettings, type Settings } from './use-settings.ts';

/** Bytes a second. */
const rates = [100_000, 500_000, 1_000_000, 2_000_000, 5_000_000, 10_000_000, 50_000_000];
const hours = Array.from({ length: 25 }, (_, hour) => hour);

export function NetworkPage(): ReactNode {
  const { t, preferences } = useSurroundings();
  const isTold = useShellAnswer('read-sensors', {}, []).answer?.network !== false;
  const settings = useSettings();
  return (
    <div className="stack-wide">
      <section className="stack">
        <h2>{t('network.speed')}</h2>
        <div className="two-columns">
          <Rate settings={settings} name="bandwidth.up" label={t('network.up')} />
          <Rate settings={settings} name="bandwidth.down" label={t('network.down')} />
        </div>
      </section>
      <section>
        <h2>{t('network.when')}</h2>
        <SwitchLine
          label={t('network.metered')}
          help={t(isTold ? 'network.metered-help' : 'general.not-told')}
          // What was switched on elsewhere, or before, can be switched off.
          isDisabled={!isTold && !preferences.pausesOnMetered}
          isOn={preferences.pausesOnMetered}
          onChange={(pausesOnMetered) => void askShell('change-preferences', { pausesOnMetered })}
        />
        <Schedule />
      </section>
      {settings.isThere ? <Proxy key={settings.valueOf('proxy')} settings={settings} /> : null}
      <FailureNotice failure={settings.failure} />
    </div>
  );
}

function Rate({ settings, name, label }: { readonly settings: Settings; readonly name: string; readonly label: string }): ReactNode {
  const { t, formats } = useSurroundings();
  const value = settings.valueOf(name) ?? '';
  const known = rates.map(String);
  const options = value === '' || known.includes(value) ? known : [...known, value];
  return (
    <Picker
      label={label}
      value={value === '' ? 'default' : value}
      onChange={(rate) => settings.change(name, rate)}
      options={[
        { value: 'default', label: t('network.no-limit') },
        ...options.map((rate) => ({ value: rate, label: formats.speed(Number(rate)) })),
      ]}
    />
  );
}

function Schedule(): ReactNode {
  const { t, formats, preferences } = useSurroundings();
  const { schedule } = preferences;
  const set = (next: typeof schedule): void => void askShell('change-preferences', { schedule: next });
  const hourText = (hour: number): string => formats.hour(new Date(2000, 0, 1, hour % 24).toISOString());
  return (
    <>
      <SwitchLine
        label={t('network.schedule')}
        help={t('network.schedule-help')}
        isOn={schedule !== null}
        onChange={(isOn) => set(isOn ? { fromHour: 8, toHour: 18 } : null)}
      />
      {schedule === null ? null : (
        <div className="two-columns">
          <Picker
            label={t('network.from')}
            value={String(schedule.fromHour)}
            onChange={(hour) => set({ ...schedule, fromHour: Number(hour) })}
            options={hours.slice(0, 24).map((hour) => ({ value: String(hour), label: hourText(hour) }))}
          />
          <Picker
            label={t('network.to')}
            value={String(schedule.toHour)}
            onChange={(hour) => set({ ...schedule, toHour: Number(hour) })}
            options={hours.slice(1).map((hour) => ({ value: String(hour), label: hourText(hour) }))}
          />
        </div>
      )}
    </>
  );
}

function Proxy({ settings }: { readonly settings: Settings }): ReactNode {
  const { t } = useSurroundings();
  const value = settings.valueOf('proxy') ?? '';
  const [typed, setTyped] = useState(value);
  const save = (): void => settings.change('proxy', typed.trim() === '' ? 'default' : typed.trim());
  return (
    <section className="stack">
      <h2>{t('network.proxy')}</h2>
      <Entry
        label={t('network.proxy-address')}
        help={t('network.proxy-help')}
        placeholder="http://proxy.example.com:3128"
        value={typed}
        onChange={setTyped}
        onSubmit={save}
      />
      <div>
        <Action isDisabled={typed === value} onPress={save}>
          {t('words.save')}
        </Action>
      </div>
    </section>
  );
}
