import { defaultIgnoreRules, ignoreFileMaxBytes, ignoreFileName, IgnoreRules } from '../../disk/ignore-rules.ts';
import { FolderRules } from '../../engine/scan/folder-rules.ts';
import { nameFromBytes } from '../../model/name.ts';
import { configText, type ConfigValues } from '../profile/config-values.ts';

/** What stays out on this device: the rules set here (or the short list that everybody has), and what folders say themselves. */
export function openRules(config: ConfigValues): FolderRules {
  const own = configText(config, 'ignore');
  const rules = own === undefined ? defaultIgnoreRules : own.split(',');
  return new FolderRules(new IgnoreRules(rules), { name: nameFromBytes(Buffer.from(ignoreFileName)), maxBytes: ignoreFileMaxBytes });
}
