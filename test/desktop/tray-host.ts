/** The desktop's side of a tray (org.kde.StatusNotifierItem, com.canonical.dbusmenu): sees the icon as a desktop would, and clicks. */
import dbus from 'dbus-next';
import { within } from './within.ts';

const { Interface } = dbus.interface;
const watcherName = 'org.kde.StatusNotifierWatcher';
const itemInterface = 'org.kde.StatusNotifierItem';
const menuInterface = 'com.canonical.dbusmenu';

export interface MenuNode {
  readonly id: number;
  /** Without the marks of letters to press. */
  readonly label: string;
  readonly isEnabled: boolean;
  readonly children: readonly MenuNode[];
}

class Watcher extends Interface {
  readonly registered = Promise.withResolvers<string>();

  constructor() {
    super(watcherName);
  }

  get RegisteredStatusNotifierItems(): string[] {
    return [];
  }

  get IsStatusNotifierHostRegistered(): boolean {
    return true;
  }

  get ProtocolVersion(): number {
    return 0;
  }

  RegisterStatusNotifierItem(service: string): void {
    this.registered.resolve(service);
  }

  RegisterStatusNotifierHost(): void {}
}

Watcher.configureMembers({
  properties: {
    RegisteredStatusNotifierItems: { signature: 'as', access: dbus.interface.ACCESS_READ },
    IsStatusNotifierHostRegistered: { signature: 'b', access: dbus.interface.ACCESS_READ },
    ProtocolVersion: { signature: 'i', access: dbus.interface.ACCESS_READ },
  },
  methods: {
    RegisterStatusNotifierItem: { inSignature: 's', outSignature: '' },
    RegisterStatusNotifierHost: { inSignature: 's', outSignature: '' },
  },
});

/** To be there before the app starts: it asks once. */
export class TrayHost {
  readonly #bus: dbus.MessageBus;
  readonly #watcher = new Watcher();

  private constructor(busAddress: string) {
    this.#bus = dbus.sessionBus({ busAddress });
  }

  static async open(busAddress: string): Promise<TrayHost> {
    const host = new TrayHost(busAddress);
    host.#bus.export('/StatusNotifierWatcher', host.#watcher);
    await host.#bus.requestName(watcherName, 0);
    return host;
  }

  /** Resolves once the icon is there. */
  async shown(): Promise<void> {
    await this.#watcher.registered.promise;
  }

  async toolTip(): Promise<string> {
    const tip = (await this.#property('ToolTip')) as readonly [string, unknown, string, string];
    return tip[2];
  }

  async menu(): Promise<MenuNode> {
    return (await this.#layout())[1];
  }

  /**
   * Clicks the entry of this label, wherever it stands. Ids hold for one revision of the menu: where the menu was made anew under
   * the pointer, a person sees the new one and clicks there. `menu`: in the one whose label begins so. Throws where there is none
   * of that label.
   */
  async click(label: string, menu = ''): Promise<void> {
    for (;;) {
      const [revision, root] = await this.#layout();
      const found = find(menu === '' ? root : (root.children.find((child) => child.label.startsWith(menu)) ?? root), label);
      if (found === undefined) throw new Error(`the menu has no "${label}"`);
      const body = [found.id, 'clicked', new dbus.Variant('i', 0), 0];
      try {
        await this.#call(await this.#menuPath(), menuInterface, { member: 'Event', signature: 'isvu', body });
        return;
      } catch (error) {
        const [now] = await this.#layout();
        if (now === revision) throw error;
      }
    }
  }

  /** A click on the icon itself. */
  async activate(): Promise<void> {
    await this.#call((await this.#item()).path, itemInterface, { member: 'Activate', signature: 'ii', body: [10, 10] });
  }

  close(): void {
    this.#bus.disconnect();
  }

  async #item(): Promise<{ readonly name: string; readonly path: string }> {
    const service = await within('an icon in the tray', this.#watcher.registered.promise);
    const slash = service.indexOf('/');
    if (slash === -1) return { name: service, path: '/StatusNotifierItem' };
    return { name: service.slice(0, slash), path: service.slice(slash) };
  }

  async #layout(): Promise<readonly [number, MenuNode]> {
    const [revision, root] = await this.#call(await this.#menuPath(), menuInterface, {
      member: 'GetLayout',
      signature: 'iias',
      body: [0, -1, []],
    });
    return [revision as number, nodeOf(root as RawNode)];
  }

  async #menuPath(): Promise<string> {
    return (await this.#property('Menu')) as string;
  }

  async #property(name: string): Promise<unknown> {
    const { path } = await this.#item();
    const [value] = await this.#call(path, 'org.freedesktop.DBus.Properties', {
      member: 'Get',
      signature: 'ss',
      body: [itemInterface, name],
    });
    return (value as dbus.Variant).value;
  }

  async #call(
    path: string,
    iface: string,
    call: { readonly member: string; readonly signature: string; readonly body: unknown[] },
  ): Promise<unknown[]> {
    const { name } = await this.#item();
    const asked = this.#bus.call(new dbus.Message({ destination: name, path, interface: iface, ...call }));
    const reply = await within(`${call.member} of the tray`, asked);
    return (reply?.body ?? []) as unknown[];
  }
}

type RawNode = readonly [number, Readonly<Record<string, dbus.Variant>>, readonly dbus.Variant<RawNode>[]];

function nodeOf([id, properties, children]: RawNode): MenuNode {
  return {
    id,
    label: String(properties['label']?.value ?? '').replaceAll(/_(.)/g, '$1'),
    isEnabled: properties['enabled']?.value !== false,
    children: children.map(({ value }) => nodeOf(value)),
  };
}

function find(node: MenuNode, label: string): MenuNode | undefined {
  if (node.label === label) return node;
  for (const child of node.children) {
    const found = find(child, label);
    if (found !== undefined) return found;
  }
  return undefined;
}
