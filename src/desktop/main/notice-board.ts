/** Shows notifications, with restraint. */
import { Notification } from 'electron';
import type { WindowTarget } from './deep-link.ts';
import { noticesOf, restrain, type Notice, type Seen } from './notice-of.ts';
import { noticeName } from './shown-name.ts';
import type { Say } from './tray-menu.ts';

export interface NoticeBoardOptions {
  readonly icon: string;
  readonly say: () => Say;
  /** What the vault is called; undefined where there is only this one. */
  readonly vaultName: () => string | undefined;
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
    const { say, vaultName, icon, onClick } = this.#options;
    const notification = new Notification({
      title: titleOf(say(), kind, vaultName()),
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

function titleOf(say: Say, kind: Notice['kind'], vault: string | undefined): string {
  const title = say(`notice.${kind}.title`);
  return vault === undefined ? title : say('notice.of-vault', { vault: noticeName(vault), title });
}
