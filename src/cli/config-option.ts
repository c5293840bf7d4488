import { Option } from 'commander';

/** `--config KEY=VALUE` of `init` and `join`, as often as one likes. */
export function configOption(): Option {
  return new Option(
    '--config <key=value>',
    'a setting that holds from the first request on, as store.ca=FILE or proxy=URL; may be repeated',
  )
    .argParser((text: string, before: readonly string[]) => [...before, text])
    .default([] as readonly string[], 'none');
}
