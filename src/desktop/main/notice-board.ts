/** Shows notifications, with restraint. */
import { Notification } from 'electron';
import type { WindowTarget } from './deep-link.ts';
import { noticesOf, restrain, type Notice, type Seen } from './notice-of.ts';
import type { Say } from './tray-menu.ts';

export interface NoticeBoardOptions {
  readonly icon: string;
  readonly say: () => Say;
  readonly isWanted: () => boolean;
  readonly onClick: (target: WindowTarget) => void;
}

export class NoticeBoard {
  readonly #options: NoticeBoardOptions;
  readonly #shownMs = new Map<Notice['kind'], number>();
  /** Kept, or their clicks are lost with them. */
  readonly #showing = new Set<Notification>();

  constructor(options: NoticeBoardOptions) {
    this.#options = options;
  }

  compare(before: Seen, now: Seen): void {
    const nowMs = Date.now();
    for (const notice of restrain(noticesOf(before, now), this.#shownMs, nowMs)) {
      this.#shownMs.set(notice.kind, nowMs);
      if (this.#options.isWanted() && Notification.isSupported()) this.#show(notice);
    }
  }

  #show({ kind, values, target }: Notice): void {
    const { say, icon, onClick } = this.#options;
    const notification = new Notification({
      title: say()(`notice.${kind}.title`),
      body: say()(`notice.${kind}.body`, values),
      icon,
      silent: true,
    });
    this.#showing.add(notification);
    notification.once('click', () => onClick(target));
    notification.once('close', () => this.#showing.delete(notification));
    notification.show();
  }
}
