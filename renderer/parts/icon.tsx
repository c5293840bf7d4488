/** Drawings of 20 by 20, in the colour of the text; the words beside them say the same, so that they are silent to a screen reader. */
import type { ReactNode } from 'react';

const drawings = {
  add: 'M10 4v12M4 10h12',
  alert: 'M10 3 2.5 16.5h15zM10 8v4M10 14.2v.3',
  back: 'M12 4 6 10l6 6',
  battery: 'M2.5 6.5h13v7h-13zM15.5 9h2v2h-2M5 9v2',
  check: 'm4 10.5 4 4 8-9',
  clock: 'M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14M10 6v4l3 2',
  close: 'm5 5 10 10M15 5 5 15',
  cloud: 'M6 15.5a3.8 3.8 0 0 1-.3-7.6 4.7 4.7 0 0 1 9-.2 3.6 3.6 0 0 1-.5 7.8z',
  conflict: 'M10 16V11L5 6M10 11l5-5M5 10V6h4M15 10V6h-4',
  copy: 'M7 7h9v9H7zM4 13V4h9',
  device: 'M3 4h14v9H3zM7 16.5h6M10 13v3.5',
  down: 'm5 8 5 5 5-5',
  edit: 'M4 16l.8-3.6L13 4.2a1.7 1.7 0 0 1 2.4 0l.4.4a1.7 1.7 0 0 1 0 2.4L7.6 15.2z',
  eye: 'M2 10s3-5.5 8-5.5 8 5.5 8 5.5-3 5.5-8 5.5S2 10 2 10m8-2.2a2.2 2.2 0 1 0 0 4.4 2.2 2.2 0 0 0 0-4.4',
  'eye-off':
    'M3 3l14 14M8.200 4.800A8 8 0 0 1 10 4.500c5 0 8 5.500 8 5.500a14 14 0 0 1-2.300 2.900M12.600 14.900A7 7 0 0 1 10 15.500c-5 0-8-5.500-8-5.500a14 14 0 0 1 3-3.500M8.400 8.400a2.200 2.200 0 0 0 3.100 3.100',
  file: 'M5 2.5h6.5L15 6v11.5H5zM11.5 2.5V6H15',
  folder: 'M2.5 5h5l1.5 2h8.5v9.5h-15z',
  gear: 'M10 7.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6M10 2.5v2M10 15.5v2M2.5 10h2M15.5 10h2M4.7 4.7l1.4 1.4M13.9 13.9l1.4 1.4M4.7 15.3l1.4-1.4M13.9 6.1l1.4-1.4',
  history: 'M4 4v4h4M4.3 8A6.5 6.5 0 1 1 3.5 10.500M10 6.500V10.500l3 1.500',
  info: 'M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14M10 9v4.500M10 6.500v.3',
  key: 'M7 9.500a3.500 3.500 0 1 0 0 7 3.500 3.500 0 0 0 0-7M9.500 10.500 16.500 3.500M13 7l2.500 2.500',
  link: 'M8.500 11.500l3-3M7 9 4.800 11.200a2.800 2.800 0 0 0 4 4L11 13M13 11l2.200-2.200a2.800 2.800 0 0 0-4-4L9 7',
  lock: 'M4.500 9h11v8h-11zM7 9V6.500a3 3 0 0 1 6 0V9',
  minus: 'M4 10h12',
  moved: 'M3 10h13M11 5l5 5-5 5',
  next: 'm8 5 5 5-5 5',
  network: 'M2.500 8a11 11 0 0 1 15 0M5 11a7 7 0 0 1 10 0M7.500 13.800a3.500 3.500 0 0 1 5 0M10 16.500v.3',
  offline:
    'M3 3l14 14M6 15.500h8.500M5.700 7.900a3.800 3.800 0 0 0 .3 7.600M8.500 5.300a4.700 4.700 0 0 1 6.200 2.400 3.600 3.600 0 0 1 2.600 5.300',
  open: 'M11 3.500h5.500V9M16.500 3.500 9 11M8 4.500H3.500v12h12V12',
  pause: 'M7 4.500v11M13 4.500v11',
  play: 'M6 4v12l10-6z',
  printer: 'M5.500 7.500V3h9v4.500M5.500 14H3V7.500h14V14h-2.500M5.500 11.500h9V17h-9z',
  retry: 'M16 4v4h-4M15.700 8A6.500 6.500 0 1 0 16.500 10.500',
  save: 'M10 3v9M6 8.500l4 4 4-4M3.500 16.500h13',
  shield: 'M10 2.500 4 5v4.500c0 4 2.500 6.500 6 8 3.500-1.500 6-4 6-8V5z',
  sync: 'M4 8a6.300 6.300 0 0 1 11.500-1.500M16 3v3.800h-3.800M16 12a6.300 6.300 0 0 1-11.500 1.500M4 17v-3.800h3.800',
  trash: 'M4 5.500h12M8 5.500V3h4v2.500M5.500 5.500l.7 11.500h7.600l.7-11.500',
  tree: 'M3 4.500h5M3 4.500v11h5M3 10h5M11 4.500h6M11 10h6M11 15.500h6',
  undo: 'M7 4 3.500 7.500 7 11M3.500 7.500H12a4.500 4.500 0 0 1 0 9H8',
} as const;

export type IconName = keyof typeof drawings;

export function Icon({ name, size = 20 }: { readonly name: IconName; readonly size?: 16 | 20 | 28 }): ReactNode {
  return (
    <svg className={`icon icon-${size}`} viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <path d={drawings[name]} />
    </svg>
  );
}
