import { onTestFinished } from 'vitest';
import type { AgentNews } from '../../../src/control/acts/agent-news.ts';
import type { Answered, Asked, WindowAct } from '../../../src/control/acts/window-acts.ts';
import { ControlClient } from '../../../src/control/control-client.ts';
import type { StartedCli } from '../../attack/in-process-cli.ts';
import { HastyClock, type DeviceRig, type RunOptions } from '../device-rig.ts';

/** A window's end of a running `cachette agent`, through its real socket. */
export class WindowRig {
  readonly cli: StartedCli;
  readonly client: ControlClient;
  /** Kinds of news, as they came. */
  readonly heard: AgentNews[];

  private constructor(cli: StartedCli, client: ControlClient, heard: AgentNews[]) {
    this.cli = cli;
    this.client = client;
    this.heard = heard;
  }

  /** Starts the device's agent, in haste unless a clock is given; it is ended with the test. */
  static async start(rig: DeviceRig, device: string, { clock = new HastyClock(), env = {} }: RunOptions = {}): Promise<WindowRig> {
    const cli = rig.start(device, ['agent', '--json'], { clock, env });
    await cli.firstLine;
    const client = await ControlClient.connect(rig.profile(device), { platform: process.platform, env: {} });
    if (client === undefined) throw new Error('nobody listens');
    const heard: AgentNews[] = [];
    await client.listen((news) => heard.push(news));
    const window = new WindowRig(cli, client, heard);
    onTestFinished(() => window.end());
    return window;
  }

  ask<Act extends WindowAct>(act: Act, asked: Asked<Act>): Promise<Answered<Act>> {
    return this.client.askWindow(act, asked);
  }

  /** Resolves once all is in agreement. */
  async settle(): Promise<void> {
    await this.client.ask({ do: 'sync' });
  }

  async end(): Promise<void> {
    this.client.close();
    this.cli.interrupt();
    await this.cli.ended;
  }
}
