/** Pause, also for a while; go on. */
import type { ReactNode } from 'react';
import { Button } from 'react-aria-components/Button';
import { Menu, MenuItem, MenuTrigger } from 'react-aria-components/Menu';
import { Popover } from 'react-aria-components/Popover';
import { Action } from '../parts/action.tsx';
import { ask } from '../parts/bridge.ts';
import { Icon } from '../parts/icon.tsx';
import { useSurroundings } from '../parts/surroundings.tsx';
import { useDoing } from '../parts/use-doing.ts';

/** In minutes; 0: until resumed. */
const spans = [60, 240, 0] as const;

export function Pause({ isPaused }: { readonly isPaused: boolean }): ReactNode {
  const { t } = useSurroundings();
  const { run, isBusy } = useDoing();
  if (isPaused) {
    return (
      <Action kind="main" icon="play" isBusy={isBusy} onPress={() => run(() => ask('resume', {}))}>
        {t('status.resume')}
      </Action>
    );
  }
  return (
    <MenuTrigger>
      <Button className={`action action-plain${isBusy ? ' is-busy' : ''}`}>
        <Icon name="pause" />
        <span>{t('status.pause')}</span>
      </Button>
      <Popover className="popover" placement="top start">
        <Menu
          aria-label={t('status.pause')}
          onAction={(key) => {
            const minutes = Number(key);
            run(() => ask('pause-for', minutes === 0 ? {} : { minutes }));
          }}
        >
          {spans.map((minutes) => (
            <MenuItem key={minutes} id={minutes} className="popover-item">
              {minutes === 0 ? t('status.pause-until-resumed') : t('status.pause-hours', { hours: minutes / 60 })}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
