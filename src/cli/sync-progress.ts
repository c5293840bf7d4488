import { Presets, SingleBar } from 'cli-progress';
import type { AgentEvent } from '../agent/agent-event.ts';
import { formatBytes } from './format-units.ts';

/** Shows a person how far a run is. */
export interface SyncProgress {
  take(event: AgentEvent): void;
  end(): void;
}

/** A bar on the terminal, from the moment that there is something to do. */
export function openSyncProgress(stream: NodeJS.WriteStream): SyncProgress {
  const format = '{what} |{bar}| {value}/{total} files, {size}';
  const bar = new SingleBar({ format, stream, hideCursor: true, clearOnComplete: true, linewrap: false }, Presets.legacy);
  let isShown = false;
  let files = 0;
  let bytes = 0;
  const show = (what: string, total: number): void => {
    const payload = { what, size: formatBytes(bytes) };
    if (!isShown) bar.start(Math.max(total, files), files, payload);
    isShown = true;
    bar.setTotal(Math.max(total, files));
    bar.update(files, payload);
  };
  return {
    take: (event) => {
      if (event.event === 'uploading' || event.event === 'downloading') {
        files += 1;
        bytes += event.bytes;
        show(event.event, files);
      } else if (event.event === 'progress') {
        files = event.filesDone;
        bytes = event.bytesUp + event.bytesDown;
        show('syncing', event.filesDone + event.pending);
      }
    },
    end: () => {
      if (isShown) bar.stop();
    },
  };
}
