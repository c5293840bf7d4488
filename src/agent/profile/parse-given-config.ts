import { Failure } from '../../base/failure.ts';
import { parseConfigName, withConfigValue, type ConfigValues } from './config-values.ts';

/** Settings that hold before there is a profile, each as `KEY=VALUE`. Throws E_USAGE. */
export function parseGivenConfig(texts: readonly string[]): ConfigValues {
  let values: ConfigValues = {};
  for (const text of texts) {
    const [, key, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
    if (key === undefined || value === undefined) throw new Failure('E_USAGE', `--config takes KEY=VALUE, not '${text}'`);
    const name = parseConfigName(key);
    if (name === 'retention.days') {
      throw new Failure('E_USAGE', `${name} is the vault's, not this device's`, {
        action: `\`cachette config set ${name} DAYS\` afterwards`,
      });
    }
    values = withConfigValue(values, name, value);
  }
  return values;
}
