/** A page to print and keep: how to get in again when every device is lost, and how old a state may be shown then. */
/** What stands on it. */
export interface RecoverySheet {
  readonly vaultId: string;
  readonly recoveryKey: string;
  /** Without credentials. */
  readonly store: string;
  /** Milliseconds since 1970. */
  readonly printedMs: number;
  /** What `join --head` takes. */
  readonly head: string;
  readonly code: string;
}

type Row = readonly [what: string, text: string];

/** Plain text, lines ended. */
export function sheetAsText(sheet: RecoverySheet): string {
  const rows = rowsOf(sheet).map(([what, text]) => `${what}:\n    ${text}\n`);
  return [`${title}\n${'='.repeat(title.length)}\n`, ...rows, ...advice.map((line) => `${line}\n`)].join('\n');
}

/** One page of HTML that needs nothing from anywhere. */
export function sheetAsHtml(sheet: RecoverySheet): string {
  const rows = rowsOf(sheet).map(([what, text]) => `<dt>${escape(what)}</dt><dd>${escape(text)}</dd>`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>
<style>
body { font: 11pt/1.5 sans-serif; max-width: 17cm; margin: 2cm auto; color: #000; background: #fff }
dt { font-weight: bold; margin-top: 0.8em }
dd { margin: 0; font: 13pt/1.6 monospace; overflow-wrap: anywhere }
</style>
</head>
<body>
<h1>${title}</h1>
<dl>
${rows.join('\n')}
</dl>
${advice.map((line) => `<p>${escape(line)}</p>`).join('\n')}
</body>
</html>
`;
}

const title = 'Cachette recovery sheet';

const advice = [
  'Whoever has this page and can reach the storage can read everything. Keep it on paper, where you would keep a passport, and delete the file.',
  'To get in: cachette join --store URL --folder DIR --recovery-key KEY --head HEAD. With --head, a storage that shows an older state than that of the day of this page is refused.',
  'A newer recovery key makes this page worthless; the code above is what `cachette vault code` showed on that day.',
];

function rowsOf({ vaultId, recoveryKey, store, printedMs, head, code }: RecoverySheet): Row[] {
  return [
    ['Recovery key', recoveryKey],
    ['Storage', store],
    // 80 bits: enough to tell it from any other.
    ['Vault', vaultId.slice(0, 20)],
    ['State on the day of this page (HEAD)', head],
    ['Code on that day', code],
    ['Made', `${new Date(printedMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`],
  ];
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
